package io.penstock.launch.cluster;

import io.penstock.Internal;
import java.util.concurrent.TimeUnit;
import org.apache.spark.SparkContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Wait for executors in place of those that a run has lost. Stateless; for the thread that waits.
 */
@Internal
public final class Replacements {
  private static final Logger LOG = LoggerFactory.getLogger(Replacements.class);
  private static final long LOOK_MILLIS = 100;
  private static final long TELL_NANOS = TimeUnit.SECONDS.toNanos(30);

  private Replacements() {}

  /**
   * Waits until there are executors and slots enough, or for so long. On a local master, where
   * there is nothing to come, it returns at once.
   *
   * @param ranks how many executors are wanted
   * @param limitMillis how long to wait at most; the check before the job tells what is missing
   *     then
   * @throws InterruptedException if the thread is interrupted
   */
  public static void await(SparkContext context, int ranks, long limitMillis)
      throws InterruptedException {
    long start = System.nanoTime();
    long told = start - TELL_NANOS;
    while (!context.isStopped()) {
      ClusterOffer offer = ClusterOffer.of(context);
      if (offer.local() || (offer.executors() >= ranks && offer.slots() >= ranks)) {
        return;
      }
      long now = System.nanoTime();
      if (TimeUnit.NANOSECONDS.toMillis(now - start) > limitMillis) {
        return;
      }
      if (now - told >= TELL_NANOS) {
        told = now;
        LOG.info(
            "Waiting for {} executors to go on: {} are there, with {} slots",
            ranks,
            offer.executors(),
            offer.slots());
      }
      Thread.sleep(LOOK_MILLIS);
    }
  }
}
