package io.penstock.launch.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;

class GpuMemoryTest {
  private static final long GIB = 1L << 30;

  private static SparkConf rapids() {
    return new SparkConf(false)
        .set(
            "spark.plugins", "com.nvidia.spark.SQLPlugin, io.penstock.launch.plugin.PenstockPlugin")
        .set("spark.rapids.memory.gpu.allocFraction", "0.4")
        .set("spark.rapids.memory.gpu.maxAllocFraction", "0.4");
  }

  @Test
  void aStageAndAGibibyteMustFit() {
    GpuMemory alone = GpuMemory.of(new SparkConf(false), 16 * GIB);
    assertEquals(Optional.empty(), alone.complaint(15 * GIB));
    String told = alone.complaint(15 * GIB + 1).orElseThrow();
    assertTrue(told.contains("needs 15361 MiB"), told);
    assertTrue(told.contains("the GPU has 16384 MiB."), told);
    assertTrue(told.contains("requireGpu false"), told);
  }

  @Test
  void whatRapidsKeepsIsNotThere() {
    GpuMemory shared = GpuMemory.of(rapids(), 20 * GIB);
    assertEquals(Optional.empty(), shared.complaint(11 * GIB - 1));
    String told = shared.complaint(11 * GIB + 1).orElseThrow();
    assertTrue(told.contains("RAPIDS Accelerator keeps 40 % (spark.rapids.memory.gpu.alloc"), told);
    assertTrue(told.contains("give RAPIDS less"), told);
  }

  @Test
  void rapidsTakesAllUnlessItIsTold() {
    SparkConf untold = new SparkConf(false).set("spark.plugins", "com.nvidia.spark.SQLPlugin");
    assertTrue(GpuMemory.of(untold, 80 * GIB).complaint(1).isPresent());
  }

  @Test
  void rapidsThatOnlyExplainsTakesNothing() {
    SparkConf explains = rapids().set("spark.rapids.sql.mode", "explainOnly");
    assertEquals(new GpuMemory(20 * GIB, 0), GpuMemory.of(explains, 20 * GIB));
  }

  @Test
  void anUnknownMemoryIsNotJudged() {
    assertEquals(Optional.empty(), GpuMemory.of(rapids(), 0).complaint(100 * GIB));
  }
}
