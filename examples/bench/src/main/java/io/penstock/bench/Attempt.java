package io.penstock.bench;

import io.penstock.event.FailureKind;
import io.penstock.event.RanksReady;
import io.penstock.event.StepCompleted;
import io.penstock.launch.job.TrainingFailedException;
import io.penstock.launch.job.TrainingResult;
import java.util.OptionalDouble;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.spark.SparkContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerEvent;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.scheduler.SparkListenerTaskStart;

/**
 * A fit in a thread of its own, which is stopped if its first steps are too slow: to interrupt who
 * called {@code fit} cancels its Spark job. When it has ended, its executors are free again.
 */
final class Attempt extends SparkListener {
  /**
   * How it ended.
   *
   * @param result what the fit returned; null if it was stopped
   * @param rowsPerSecond of its first steps, or the most it can have been where they did not come
   *     to an end; empty if it was over before they told anything
   */
  record Outcome(TrainingResult result, OptionalDouble rowsPerSecond) {
    boolean stopped() {
      return result == null;
    }
  }

  /**
   * Longer than any action of a stage that is worth to be measured takes: it ends, then its task.
   */
  private static final long LAST_ACTION_MINUTES = 10;

  private static final Object ENDED = new Object();

  private final SparkContext context;
  private final Work work;
  private final Patience patience;
  private final BlockingQueue<Object> heard = new LinkedBlockingQueue<>();
  private int running;

  private Attempt(SparkContext context, Work work, Patience patience) {
    this.context = context;
    this.work = work;
    this.patience = patience;
  }

  /**
   * Calls the fit and waits for its end, or brings it about.
   *
   * @throws RuntimeException what the fit failed with, unless it was stopped
   */
  static Outcome at(
      SparkContext context, Work work, Patience patience, Callable<TrainingResult> fit)
      throws InterruptedException {
    Attempt attempt = new Attempt(context, work, patience);
    context.addSparkListener(attempt);
    try {
      return attempt.run(fit);
    } finally {
      context.removeSparkListener(attempt);
    }
  }

  private Outcome run(Callable<TrainingResult> fit) throws InterruptedException {
    CompletableFuture<TrainingResult> result = new CompletableFuture<>();
    Thread caller =
        new Thread(
            () -> {
              try {
                result.complete(fit.call());
              } catch (Throwable thrown) {
                result.completeExceptionally(thrown);
              } finally {
                heard.add(ENDED);
              }
            },
            "bench-fit");
    caller.start();
    OptionalDouble rate;
    try {
      rate = tooSlow();
    } catch (InterruptedException stopped) {
      caller.interrupt();
      throw stopped;
    }
    boolean stops = rate.isPresent();
    if (stops) {
      caller.interrupt();
    }
    try {
      return new Outcome(result.join(), rate);
    } catch (CompletionException failed) {
      if (stops && isCancelled(failed.getCause())) {
        awaitIdle();
        return new Outcome(null, rate);
      }
      throw failed.getCause() instanceof RuntimeException own ? own : failed;
    }
  }

  private static boolean isCancelled(Throwable cause) {
    return cause instanceof TrainingFailedException failed
        && failed.kind() == FailureKind.CANCELLED;
  }

  /** Returns its rate as soon as it is known to be too slow; empty once it is known not to be. */
  private OptionalDouble tooSlow() throws InterruptedException {
    FirstSteps steps = new FirstSteps(work.rows());
    long began = 0;
    while (true) {
      Object next = began == 0 ? heard.take() : heard.poll(left(began), TimeUnit.NANOSECONDS);
      if (next == ENDED) {
        return OptionalDouble.empty();
      } else if (next == null) {
        // No more than this: the step that goes on would have to end now.
        double rows = steps.rows() + work.batchSize();
        return tooSlow(1e9 * rows / (System.nanoTime() - began));
      } else if (next instanceof RanksReady) {
        began = System.nanoTime();
      } else if (next instanceof StepCompleted step) {
        OptionalDouble rate = steps.heard(step);
        if (rate.isPresent()) {
          return tooSlow(rate.getAsDouble());
        }
      }
    }
  }

  private OptionalDouble tooSlow(double rate) {
    return rate < patience.leastRate() ? OptionalDouble.of(rate) : OptionalDouble.empty();
  }

  private long left(long began) {
    long most = TimeUnit.MILLISECONDS.toNanos(patience.mostMillis()); // or for ever
    return most == Long.MAX_VALUE ? most : Math.max(0, began + most - System.nanoTime());
  }

  @Override
  public void onOtherEvent(SparkListenerEvent event) {
    if (event instanceof RanksReady || event instanceof StepCompleted) {
      heard.add(event);
    }
  }

  @Override
  public synchronized void onTaskStart(SparkListenerTaskStart start) {
    running++;
  }

  @Override
  public synchronized void onTaskEnd(SparkListenerTaskEnd end) {
    running--;
    notifyAll();
  }

  /** A cancelled job is over before its tasks are: each ends with the action that it is at. */
  private synchronized void awaitIdle() throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(LAST_ACTION_MINUTES);
    while (running > 0) {
      long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
      if (left <= 0) {
        throw new IllegalStateException(
            running
                + " task(s) of a stopped fit still run after "
                + LAST_ACTION_MINUTES
                + " minutes: end the application "
                + context.applicationId());
      }
      wait(left);
    }
  }
}
