package io.penstock.launch.cluster;

import io.penstock.Amount;
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

  /** Time without a change after which fewer executors do, where they may. */
  private static final long QUIET_NANOS = TimeUnit.SECONDS.toNanos(5);

  private Replacements() {}

  /**
   * Waits until there are executors and slots enough, or for so long. On a local master, where
   * there is nothing to come, it returns at once.
   *
   * @param waiting job that stands for the wait
   * @param ranks how many executors are wanted
   * @param fewerDo whether fewer will do, if no other comes for some seconds
   * @param limitMillis how long to wait at most; the check before the job tells what is missing
   *     then
   * @return how many of those there are, at least 1
   * @throws WaitEndedException if somebody ends the wait
   */
  public static int await(
      SparkContext context, WaitingJob waiting, int ranks, boolean fewerDo, long limitMillis) {
    long start = System.nanoTime();
    long changed = start;
    int seen = 0;
    long told = start - TELL_NANOS;
    while (true) {
      ClusterOffer offer = ClusterOffer.of(context);
      int there = offer.executors() == 0 || offer.slots() == 0 ? 0 : offer.ranks(ranks);
      if (offer.local() || there == ranks) {
        return ranks;
      }
      long now = System.nanoTime();
      if (there != seen) {
        seen = there;
        changed = now;
      }
      if (fewerDo && there > 0 && now - changed > QUIET_NANOS) {
        return there;
      }
      if (TimeUnit.NANOSECONDS.toMillis(now - start) > limitMillis) {
        return ranks;
      }
      if (now - told >= TELL_NANOS) {
        told = now;
        LOG.info(
            "Waiting for {} to go on: {} there, with {}",
            new Amount(ranks, "executor"),
            new Amount(offer.executors(), "executor").with("is", "are"),
            new Amount(offer.slots(), "slot"));
      }
      waiting.pause(LOOK_MILLIS);
    }
  }
}
