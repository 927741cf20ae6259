package io.penstock.launch.job;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import org.apache.spark.SparkContext;

/** A run on a thread of its own, which a test ends from outside. */
final class BackgroundRun {
  private final CompletableFuture<Throwable> failure = new CompletableFuture<>();
  private final CompletableFuture<Boolean> flag = new CompletableFuture<>();
  private final Thread thread;

  /**
   * Starts it.
   *
   * @param run what fails when it is ended
   */
  BackgroundRun(SparkContext context, Callable<?> run) {
    thread =
        new Thread(
            () -> {
              Ending.name(context);
              Throwable thrown = null;
              try {
                run.call();
              } catch (Throwable cause) {
                thrown = cause;
              }
              flag.complete(Thread.currentThread().isInterrupted());
              failure.complete(thrown);
            },
            "run in the background");
    thread.setDaemon(true);
    thread.start();
  }

  Thread thread() {
    return thread;
  }

  /** Waits until it has reached a gate. */
  void awaitReached(Gate gate) throws Exception {
    try {
      gate.awaitReached(() -> !failure.isDone());
    } catch (IllegalStateException early) {
      early.addSuppressed(failure());
      throw early;
    }
  }

  /** Waits for its end; null if it has succeeded. */
  Throwable failure() throws Exception {
    Throwable thrown = failure.get();
    thread.join();
    return thrown;
  }

  /** Whether the thread's interrupt flag was set in the end. */
  boolean isInterrupted() throws Exception {
    return flag.get();
  }
}
