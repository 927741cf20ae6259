package io.penstock.launch.job;

import io.penstock.conf.Settings;
import io.penstock.event.FailureKind;
import io.penstock.event.RankPlace;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.apache.spark.SparkContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Guard of a barrier job against standstill: hears the ranks' pulses, and on a stall cancels the
 * job and has an executor that does not let go of its task replaced, so that its slot comes back.
 * Has a thread of its own until it is closed. Thread-safe.
 */
final class StallGuard implements AutoCloseable {
  /** Looks at which a stall must be seen one after the other, so that its rank can still log it. */
  private static final int LOOKS = 3;

  /** Seconds that a rank which answers has to end its task once the job is cancelled. */
  private static final long PATIENCE_SECONDS = 10;

  /** Silence of a rank that is long enough where its connection to another is lost as well. */
  private static final long SUSPICIOUS_NANOS = TimeUnit.SECONDS.toNanos(10);

  private static final Logger LOG = LoggerFactory.getLogger(StallGuard.class);

  private final SparkContext context;
  private final String runId;
  private final StallWatch watch;
  private final Predicate<String> gone;
  private final BooleanSupplier checkpointNow;
  private final boolean off;
  private final Thread thread = new Thread(this::guard, "penstock-stall-guard");
  private final CountDownLatch closed = new CountDownLatch(1);
  private final CountDownLatch acted = new CountDownLatch(1);
  private volatile Stall seen;
  private Stall verdict;
  private boolean over;

  /**
   * Guard of a job of this many ranks, which are all its tasks.
   *
   * @param runId the job's tag
   * @param gone whether Spark knows that an executor, by its id, is gone
   * @param checkpointNow whether the leading rank is to take a checkpoint
   */
  StallGuard(
      SparkContext context,
      String runId,
      int ranks,
      Predicate<String> gone,
      BooleanSupplier checkpointNow) {
    Optional<Long> millis = Settings.STALL_TIMEOUT.given(context.getConf());
    this.context = context;
    this.runId = runId;
    this.watch =
        new StallWatch(ranks, millis.map(TimeUnit.MILLISECONDS::toNanos), System.nanoTime());
    this.gone = gone;
    this.checkpointNow = checkpointNow;
    this.off = millis.isPresent() && millis.get() <= 0;
    thread.setDaemon(true);
    thread.start();
  }

  /** Takes a pulse, and returns the reply to it. */
  PulseReply heard(Pulse pulse) {
    watch.hear(pulse);
    Stall found = seen;
    return new PulseReply(
        checkpointNow.getAsBoolean(), found != null && found.culprit().rank() == pulse.rank());
  }

  /**
   * Takes note that the job has ended, after which this guard ends none any more. Returns the stall
   * for which it has, once it has done all that it does about it; empty if the job ended for
   * another reason.
   */
  Optional<Stall> outcome() {
    if (endedBy().isPresent()) {
      try {
        acted.await();
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt(); // the guard goes on without being waited for
      }
    }
    return endedBy();
  }

  private synchronized Optional<Stall> endedBy() {
    over = true;
    return Optional.ofNullable(verdict);
  }

  /** Returns whether the job still runs, so that a stall may end it. */
  private synchronized boolean decide(Stall stall) {
    if (!over) {
      verdict = stall;
    }
    return !over;
  }

  /**
   * Returns the failure to throw in place of one that was found otherwise. A rank that stalls lets
   * its connections break too. So where one to a rank is lost that is silent besides, its silence
   * is to blame, and its executor is replaced.
   */
  TrainingFailedException blamed(TrainingFailedException found) {
    RunFailure failure = found.failure();
    Optional<Stall> silence =
        off || failure.kind() != FailureKind.LINK_BROKEN
            ? Optional.empty()
            : watch.silence(failure.rank(), SUSPICIOUS_NANOS);
    silence.ifPresent(
        stall -> {
          log(stall);
          replace(stall.culprit().place());
        });
    return silence.map(stall -> new TrainingFailedException(stall.failure(found))).orElse(found);
  }

  private void guard() {
    int looks = 0;
    try {
      while (!off && !closed.await(RankPulse.PAUSE_MILLIS, TimeUnit.MILLISECONDS)) {
        Optional<Stall> now =
            watch
                .look(System.nanoTime())
                .filter(stall -> !gone.test(stall.culprit().place().executor()));
        looks = now.isPresent() ? looks + 1 : 0;
        if (looks == 1) {
          log(now.get());
        }
        seen = now.orElse(null);
        if (looks == LOOKS && decide(now.get())) {
          end(now.get());
          return;
        }
      }
    } catch (InterruptedException ended) {
      // by nobody but the end of the process
    } catch (RuntimeException failure) { // as from a context that is stopped
      LOG.warn("The guard of {} against standstill has failed", runId, failure);
    } finally {
      acted.countDown();
    }
  }

  private static void log(Stall stall) {
    LOG.error(
        "{}{}{}",
        stall.text(),
        stall.culprit().stack().isEmpty() ? "" : "\n\tat ",
        String.join("\n\tat ", stall.culprit().stack()));
  }

  private void end(Stall stall) throws InterruptedException {
    RunJobs.cancel(context, runId);
    RankPlace place = stall.culprit().place();
    boolean free =
        switch (stall.kind()) {
          case CONNECTION -> true;
          case STILL -> watch.awaitEnd(place.rank(), PATIENCE_SECONDS);
          case SILENT -> false;
        };
    if (!free) {
      replace(place);
    }
  }

  /** Has the executor replaced of a rank that keeps its task, so that its slot comes back. */
  private void replace(RankPlace place) {
    TakenSlots.replace(context, place.executor(), "Rank " + place.rank() + ", " + place.process());
  }

  /** Ends the thread, once it has done what it may be about. */
  @Override
  public void close() {
    endedBy();
    closed.countDown();
  }
}
