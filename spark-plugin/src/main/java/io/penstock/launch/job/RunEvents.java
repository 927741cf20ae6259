package io.penstock.launch.job;

import io.penstock.Amount;
import io.penstock.event.EpochCompleted;
import io.penstock.event.FailureKind;
import io.penstock.event.PlanOutline;
import io.penstock.event.RanksReady;
import io.penstock.event.RunEnded;
import io.penstock.event.RunEnded.Outcome;
import io.penstock.event.RunEvent;
import io.penstock.event.RunIncident;
import io.penstock.event.RunIncident.Kind;
import io.penstock.event.RunStarted;
import io.penstock.event.StepMeasured;
import io.penstock.train.TrainingPlan;
import java.util.Locale;
import org.apache.spark.SparkContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Events of a run: posts them on Spark's listener bus and logs them. Thread-safe. See {@link
 * RunEvent}.
 */
final class RunEvents {
  private static final Logger LOG = LoggerFactory.getLogger(RunEvents.class);
  private static final int MOST_CHARACTERS = 4000;

  private final SparkContext context;
  private final RunStarted started;
  private int epochs;

  /** Begins a run. */
  RunEvents(SparkContext context, String runId, TrainingPlan plan, RunOptions options) {
    this.context = context;
    this.started =
        new PlanOutline(plan, context.isLocal())
            .started(runId, options.name(), options.prediction(), options.payoff());
    post(started);
  }

  private void post(RunEvent event) {
    context.listenerBus().post(event);
  }

  private void incident(Kind kind, int rank, int epoch, double seconds, String text) {
    long now = System.currentTimeMillis();
    post(new RunIncident(started.runId(), now, kind, rank, epoch, seconds, shortened(text)));
  }

  private static String shortened(String text) {
    return text.length() <= MOST_CHARACTERS ? text : text.substring(0, MOST_CHARACTERS) + "…";
  }

  /** Takes an event of the monitor's. */
  void heard(RunEvent event) {
    if (event instanceof RanksReady ready) {
      begin(ready);
    } else if (event instanceof EpochCompleted done) {
      synchronized (this) {
        epochs = done.epoch() + 1;
      }
      LOG.info(done.line());
    } else if (event instanceof RunIncident told && told.kind() == Kind.CHECKPOINT) {
      LOG.info("Checkpoint of {}: {}", told.runId(), told.text());
    } else if (event instanceof RunIncident told && told.kind() == Kind.DECOMMISSIONING) {
      LOG.warn("Rank {}: {}", told.rank(), told.text());
    } else if (event instanceof RunIncident told && told.kind() == Kind.STEP_SKIPPED) {
      LOG.warn("In {}, epoch {}, {}", told.runId(), told.epoch() + 1, told.text());
    } else if (event instanceof RunIncident told && told.kind() == Kind.UNLIKE_ARITHMETIC) {
      LOG.warn("In {}, {}", told.runId(), told.text());
    }
    post(event instanceof RunIncident told ? told.saying(shortened(told.text())) : event);
  }

  private void begin(RanksReady ready) {
    LOG.info(
        "{} to train on, {} for validation",
        new Amount(ready.rows(), "row"),
        ready.validationRows());
    if (started.forecast().advice() != null) {
      LOG.info(started.forecast().advice());
    }
  }

  /**
   * Tells that the run starts again.
   *
   * @param text from where, and why
   */
  void again(int rank, String text) {
    LOG.warn("{} {}", started.runId(), text);
    incident(Kind.RETRY, rank, -1, 0, text);
  }

  /** Tells that the run goes on with another plan, for another number of executors. */
  void recut(TrainingPlan plan) {
    LOG.warn("{} goes on with {}", started.runId(), plan.words());
    incident(Kind.RECUT, -1, -1, 0, plan.words());
  }

  /** Tells of the run's success, and returns its result. */
  TrainingResult succeeded(TrainingResult result) {
    int done = result.epochsDone();
    if (done < started.epochs()) {
      String text =
          String.format(
              Locale.ROOT,
              "the loss got no better; %s were allowed",
              new Amount(started.epochs(), "epoch"));
      incident(Kind.STOPPED_EARLY, -1, done - 1, 0, text);
    }
    long now = System.currentTimeMillis();
    post(StepMeasured.of(started.runId(), now, done - 1, result.lastStep(), true));
    post(
        new RunEnded(
            started.runId(),
            now,
            Outcome.SUCCEEDED,
            null,
            null,
            null,
            "",
            done,
            result.bestEpoch().isPresent() ? result.bestEpoch().getAsInt() : null,
            secondsSinceStart(now),
            Double.isNaN(result.medianStepSeconds()) ? null : result.medianStepSeconds(),
            result.rowsPerSecond(),
            result.bubble()));
    return result;
  }

  /** Tells that the run is over by a failure or cancellation. */
  void failed(RunFailure failure) {
    boolean cancelled = failure.kind() == FailureKind.CANCELLED;
    long now = System.currentTimeMillis();
    post(
        new RunEnded(
            started.runId(),
            now,
            cancelled ? Outcome.CANCELLED : Outcome.FAILED,
            failure.kind(),
            failure.rank() == RunFailure.NO_RANK ? null : failure.rank(),
            failure.host(),
            shortened(failure.words()),
            done(),
            null,
            secondsSinceStart(now),
            null,
            null,
            null));
  }

  private synchronized int done() {
    return epochs;
  }

  private double secondsSinceStart(long now) {
    return (now - started.time()) / 1e3;
  }
}
