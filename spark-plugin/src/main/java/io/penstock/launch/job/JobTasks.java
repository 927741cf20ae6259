package io.penstock.launch.job;

import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.spark.SparkContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerEvent;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.scheduler.SparkListenerTaskStart;

/**
 * Listener that knows which tasks of a run's jobs are at work. Spark tells that a job has ended
 * before its tasks have: a rank may still write a file, or hold a port and memory. Thread-safe.
 */
final class JobTasks extends SparkListener implements AutoCloseable {
  private static final String TAGS = "spark.job.tags";

  /** Event that comes behind all that were posted before it. */
  private record Mark(JobTasks whose) implements SparkListenerEvent {
    @Override
    public boolean logEvent() {
      return false;
    }
  }

  private final SparkContext context;
  private final String tag;
  private final Set<Integer> stages = new HashSet<>();

  /** By task, its executor. */
  private final Map<Long, String> running = new HashMap<>();

  private boolean marked;

  /**
   * Begins to listen.
   *
   * @param tag that the jobs carry
   */
  JobTasks(SparkContext context, String tag) {
    this.context = context;
    this.tag = tag;
    context.addSparkListener(this);
  }

  @Override
  public synchronized void onJobStart(SparkListenerJobStart job) {
    Properties properties = job.properties();
    String tags = properties == null ? null : properties.getProperty(TAGS);
    if (tags != null && Arrays.asList(tags.split(",")).contains(tag)) {
      job.stageIds().foreach(stage -> stages.add((Integer) stage));
    }
  }

  @Override
  public synchronized void onTaskStart(SparkListenerTaskStart task) {
    if (stages.contains(task.stageId())) {
      running.put(task.taskInfo().taskId(), task.taskInfo().executorId());
    }
  }

  @Override
  public synchronized void onTaskEnd(SparkListenerTaskEnd task) {
    if (running.remove(task.taskInfo().taskId()) != null) {
      notifyAll();
    }
  }

  @Override
  public synchronized void onOtherEvent(SparkListenerEvent event) {
    if (event instanceof Mark mark && mark.whose() == this) {
      marked = true;
      notifyAll();
    }
  }

  /**
   * Waits until none is at work. Returns early once the time is up, the context is stopped, from
   * which nothing more is heard, or the caller is interrupted, whose flag is then set.
   */
  synchronized void awaitEnd(long seconds) {
    marked = false;
    context.listenerBus().post(new Mark(this));
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    try {
      long left;
      while ((!marked || !running.isEmpty())
          && !context.isStopped()
          && (left = deadline - System.nanoTime()) > 0) {
        // No event tells that a context was stopped.
        TimeUnit.NANOSECONDS.timedWait(this, Math.min(left, TimeUnit.MILLISECONDS.toNanos(100)));
      }
    } catch (InterruptedException impatient) {
      Thread.currentThread().interrupt();
    }
  }

  /** Returns the tasks at work, and by each its executor. */
  synchronized Map<Long, String> atWork() {
    return Map.copyOf(running);
  }

  @Override
  public void close() {
    context.removeSparkListener(this);
  }
}
