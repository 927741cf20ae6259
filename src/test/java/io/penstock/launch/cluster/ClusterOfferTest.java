package io.penstock.launch.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.OptionalInt;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class ClusterOfferTest {
  /** Spark allocates nothing there, and runs barrier jobs, whatever spark-defaults.conf says. */
  @Test
  void dynamicAllocationIsNoneInLocalMode() {
    SparkSession spark =
        SparkSession.builder()
            .master("local[2]")
            .config("spark.ui.enabled", "false")
            .config("spark.dynamicAllocation.enabled", "true")
            .getOrCreate();
    try {
      ClusterOffer offer = ClusterOffer.of(spark.sparkContext());
      assertFalse(offer.dynamicAllocation());
      assertEquals(2, offer.slots());
    } finally {
      spark.stop();
    }
  }

  @Test
  void aRankNeedsAnExecutorOrInLocalModeAThread() {
    assertEquals(3, offer(true, 1, 3).ranks(9));
    assertEquals(2, offer(true, 1, 3).ranks(2));
    assertEquals(2, offer(false, 2, 8).ranks(9));
    assertEquals(1, offer(false, 4, 1).ranks(9));
    assertEquals(1, offer(false, 0, 0).ranks(9), "which the check before the job complains of");
  }

  private static ClusterOffer offer(boolean local, int executors, int slots) {
    OptionalInt unknown = OptionalInt.empty();
    return new ClusterOffer(
        local, executors, slots, unknown, 1, 1, 0, false, 1 << 29, GpuOffer.NONE);
  }
}
