package io.penstock.examples;

import java.util.concurrent.atomic.LongAdder;
import org.apache.spark.executor.TaskMetrics;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskEnd;

/** Adds up what tasks wrote to local disk: files of a shuffle, and what found no room in memory. */
final class DiskUse extends SparkListener {
  private final LongAdder shuffled = new LongAdder();
  private final LongAdder spilled = new LongAdder();

  @Override
  public void onTaskEnd(SparkListenerTaskEnd end) {
    TaskMetrics metrics = end.taskMetrics();
    if (metrics != null) { // a lost task has none
      shuffled.add(metrics.shuffleWriteMetrics().bytesWritten());
      spilled.add(metrics.diskBytesSpilled());
    }
  }

  /** Bytes of shuffle files so far, compressed as they lie. */
  long shuffledBytes() {
    return shuffled.sum();
  }

  /** Bytes that sorting and keeping rows took beyond their memory so far. */
  long spilledBytes() {
    return spilled.sum();
  }
}
