package io.penstock.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
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
}
