package io.penstock.launch.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.launch.cluster.DeviceDemand;
import io.penstock.launch.cluster.GpuUse;
import io.penstock.launch.cluster.PreflightException;
import io.penstock.nn.network.Sequential;
import io.penstock.nn.update.Updater;
import io.penstock.testing.LocalSpark;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
@LocalSpark
class ProfileJobTest {
  private static final Sequential NETWORK = Sequential.perceptron(4, 8, 6, 3);

  private static SparkSession spark;

  @BeforeAll
  static void start(SparkSession session) {
    spark = session;
  }

  @Test
  void everyLayerIsMeasuredOnceAtEveryNumberOfRows() {
    MeasuredCosts costs =
        ProfileJob.run(
            spark.sparkContext(),
            NETWORK,
            Updater.sgd(0.1),
            2,
            List.of(4, 16),
            DeviceDemand.of(GpuUse.AUTO));
    List<List<Integer>> seen = new ArrayList<>();
    costs.executors().get(0).layers().forEach(time -> seen.add(List.of(time.layer(), time.rows())));
    List<List<Integer>> all = new ArrayList<>();
    for (int layer = 0; layer < NETWORK.layers().size(); layer++) {
      all.add(List.of(layer, 4));
      all.add(List.of(layer, 16));
    }
    assertEquals(all, seen);
    assertEquals(List.of(0, 1), costs.executors().stream().map(one -> one.place().rank()).toList());
    assertFalse(costs.isUneven());
    assertTrue(costs.link().latency() > 0, costs::toString);
    assertTrue(costs.link().busy() > 0, costs::toString);
    assertEquals(Runtime.getRuntime().maxMemory(), costs.memoryBytes());
  }

  @Test
  void oneRankHasNoLink() {
    MeasuredCosts costs =
        ProfileJob.run(
            spark.sparkContext(),
            NETWORK,
            Updater.sgd(0.1),
            1,
            List.of(4),
            DeviceDemand.of(GpuUse.AUTO));
    assertEquals(0, costs.link().latency());
    assertEquals(0, costs.link().busy());
    assertEquals(Double.POSITIVE_INFINITY, costs.link().bytesPerSecond());
  }

  @Test
  void asManyRanksAreOfferedAsThereIsRoomForAndUse() {
    assertEquals(2, ProfileJob.offered(spark.sparkContext(), 5));
    assertEquals(1, ProfileJob.offered(spark.sparkContext(), 1));
  }

  @Test
  void tooFewSlotsAreRefused() {
    assertThrows(
        PreflightException.class,
        () ->
            ProfileJob.run(
                spark.sparkContext(),
                NETWORK,
                Updater.sgd(0.1),
                3,
                List.of(4),
                DeviceDemand.of(GpuUse.AUTO)));
  }
}
