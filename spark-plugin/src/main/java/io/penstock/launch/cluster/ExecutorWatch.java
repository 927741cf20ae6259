package io.penstock.launch.cluster;

import io.penstock.Internal;
import io.penstock.event.RankPlace;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.spark.SparkContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerExecutorMetricsUpdate;
import org.apache.spark.scheduler.SparkListenerExecutorRemoved;
import org.apache.spark.scheduler.TaskScheduler;

/**
 * Listener that watches the executors of a run: which are gone, and why by Spark's message, and
 * which are about to go. Spark has no event for the latter; an executor is asked for at each of its
 * heartbeats. Thread-safe.
 */
@Internal
public final class ExecutorWatch extends SparkListener implements AutoCloseable {
  private final SparkContext context;
  private final Function<String, Optional<RankPlace>> ranks;
  private final Consumer<RankPlace> leaving;
  private final Map<String, String> removed = new HashMap<>();
  private final Set<String> seenLeaving = new HashSet<>();

  /**
   * Begins to watch.
   *
   * @param ranks the rank that an executor holds, by the executor's id; empty for none
   * @param leaving told once of each rank whose executor is being decommissioned
   */
  public ExecutorWatch(
      SparkContext context,
      Function<String, Optional<RankPlace>> ranks,
      Consumer<RankPlace> leaving) {
    this.context = context;
    this.ranks = ranks;
    this.leaving = leaving;
    context.addSparkListener(this);
  }

  /** Returns whether Spark is about to take an executor away. */
  static boolean isLeaving(SparkContext context, String executor) {
    TaskScheduler scheduler = context.taskScheduler(); // null once the application is stopped
    return scheduler != null && scheduler.getExecutorDecommissionState(executor).isDefined();
  }

  /**
   * Returns whether Spark was seen to take an executor away; that is forgotten when the executor is
   * gone.
   */
  public synchronized boolean wasLeaving(String executor) {
    return seenLeaving.contains(executor);
  }

  @Override
  public void onExecutorRemoved(SparkListenerExecutorRemoved event) {
    synchronized (this) {
      removed.put(event.executorId(), event.reason());
      notifyAll();
    }
  }

  @Override
  public void onExecutorMetricsUpdate(SparkListenerExecutorMetricsUpdate event) {
    ranks
        .apply(event.execId())
        .filter(place -> isLeaving(context, place.executor()))
        .filter(this::isNew)
        .ifPresent(leaving);
  }

  private synchronized boolean isNew(RankPlace place) {
    return seenLeaving.add(place.executor());
  }

  /** Returns why an executor is gone, in Spark's words; empty while it is there. */
  public synchronized Optional<String> removed(String executor) {
    return Optional.ofNullable(removed.get(executor));
  }

  /** Wakes the threads that wait for news of an executor: a rank of this one has been heard. */
  public synchronized void heard() {
    notifyAll();
  }

  /**
   * Waits for news of an executor: until it is removed, or something else is known that {@link
   * #heard} tells of.
   *
   * @param known whether enough is known
   * @param seconds to wait at most
   */
  public synchronized void awaitNews(String executor, BooleanSupplier known, long seconds)
      throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    long left;
    while (!removed.containsKey(executor)
        && !known.getAsBoolean()
        && (left = deadline - System.nanoTime()) > 0) {
      TimeUnit.NANOSECONDS.timedWait(this, left);
    }
  }

  @Override
  public void close() {
    context.removeSparkListener(this);
  }
}
