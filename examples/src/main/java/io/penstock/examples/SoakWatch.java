package io.penstock.examples;

import io.penstock.event.EpochCompleted;
import io.penstock.event.RanksReady;
import io.penstock.event.RunEnded;
import io.penstock.event.RunIncident;
import io.penstock.event.StepCompleted;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerEvent;

/**
 * Watch over runs that are struck: what the events tell of progress, of recoveries and of what they
 * cost. Any thread may ask. Times are milliseconds since 1970.
 */
final class SoakWatch extends SparkListener {
  private static final long NONE = -1;

  /** A run that makes steps so long after a blow has not felt it. */
  private static final long HARMLESS_MILLIS = 2_000;

  private final List<Recoveries.One> recoveries = new ArrayList<>();
  private long progress = System.currentTimeMillis();
  private long steps;
  private long struck = NONE;
  private long failed = NONE;
  private long again = NONE;
  private long ready = NONE;
  private int ranks;
  private int resumes;
  private int recuts;
  private long stepsLost;
  private long reached;

  @Override
  public synchronized void onOtherEvent(SparkListenerEvent event) {
    if (event instanceof StepCompleted step) {
      progress = step.time();
      steps++;
      long at = (long) step.epoch() * step.steps() + step.step();
      if (again != NONE && ready != NONE) {
        stepsLost += Math.max(0, reached - (at - 1));
        if (struck != NONE) {
          recoveries.add(new Recoveries.One(struck, failed, again, ready, step.time()));
        }
        struck = NONE;
        failed = NONE;
        again = NONE;
      } else if (again == NONE && step.time() > struck + HARMLESS_MILLIS) {
        struck = NONE; // an executor without a rank: the run has not noticed
      }
      reached = at;
    } else if (event instanceof RanksReady all) {
      progress = all.time();
      ready = all.time();
      recuts += ranks > 0 && ranks != all.places().size() ? 1 : 0;
      ranks = all.places().size();
    } else if (event instanceof RunIncident incident) {
      progress = incident.time();
      heard(incident);
    } else if (event instanceof EpochCompleted epoch) {
      progress = epoch.time();
    } else if (event instanceof RunEnded ended) {
      progress = ended.time();
      ranks = 0;
      reached = 0;
      struck = NONE; // what struck nobody at work
      failed = NONE;
      again = NONE;
    }
  }

  private void heard(RunIncident incident) {
    switch (incident.kind()) {
      case FAILURE -> failed = failed == NONE ? incident.time() : failed;
      case RETRY -> {
        resumes++;
        again = incident.time();
        ready = NONE;
      }
      default -> {}
    }
  }

  /** Takes note that an executor is struck now; of several before a recovery the first counts. */
  synchronized void struck() {
    if (struck == NONE) {
      struck = System.currentTimeMillis();
    }
  }

  /** Takes note that what was done last has harmed nobody, for it was undone in time. */
  synchronized void undone() {
    if (again == NONE && failed == NONE) {
      struck = NONE;
    }
  }

  /** Returns how many steps were told of so far: it rises as long as runs go on. */
  synchronized long steps() {
    return steps;
  }

  /** Returns the seconds since anything was told. */
  synchronized double silence() {
    return (System.currentTimeMillis() - progress) / 1e3;
  }

  /** Returns how often a run started again. */
  synchronized int resumes() {
    return resumes;
  }

  /** Returns how often a run went on with another number of ranks. */
  synchronized int recuts() {
    return recuts;
  }

  /** Returns the steps that were done again, as far as steps are told of: about once a second. */
  synchronized long stepsLost() {
    return stepsLost;
  }

  /** Returns all recoveries. */
  synchronized Recoveries recoveries() {
    return new Recoveries(List.copyOf(recoveries));
  }
}
