package io.penstock.launch.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.device.Backend;
import io.penstock.device.Capability;
import io.penstock.device.Device;
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

  private static Device gpu(long bytes) {
    return new Device("0", 0, "a GPU", new Capability(8, 6), bytes, Backend.ND4J_CUDA);
  }

  @Test
  void throughTheDriverHalfAGibibyteIsAssumed() {
    Device gpu = new Device("0", 0, "a GPU", new Capability(9, 0), 4 * GIB, Backend.CUDA);
    GpuMemory memory = GpuMemory.of(new SparkConf(false), gpu);
    assertEquals(Optional.empty(), memory.complaint(7 * GIB / 2, 1));
    String told = memory.complaint(7 * GIB / 2 + 1, 1).orElseThrow();
    assertTrue(told.contains("CUDA and the kernels take an assumed 512 MiB"), told);
  }

  @Test
  void stagesThatShareAGpuMustFitTogether() {
    GpuMemory memory = GpuMemory.of(new SparkConf(false), gpu(9 * GIB));
    assertEquals(Optional.empty(), memory.complaint(2 * GIB, 4));
    String told = memory.complaint(2 * GIB + 1, 4).orElseThrow();
    assertTrue(told.contains("4 stages are to share the GPU"), told);
  }

  @Test
  void aStageAndAGibibyteMustFit() {
    GpuMemory alone = GpuMemory.of(new SparkConf(false), gpu(16 * GIB));
    assertEquals(Optional.empty(), alone.complaint(15 * GIB, 1));
    String told = alone.complaint(15 * GIB + 1, 1).orElseThrow();
    assertTrue(told.contains("needs 15361 MiB"), told);
    assertTrue(told.contains("but it has 16384 MiB."), told);
    assertTrue(told.contains("requireGpu false"), told);
  }

  @Test
  void whatRapidsKeepsIsNotThere() {
    GpuMemory shared = GpuMemory.of(rapids(), gpu(20 * GIB));
    assertEquals(Optional.empty(), shared.complaint(11 * GIB - 1, 1));
    String told = shared.complaint(11 * GIB + 1, 1).orElseThrow();
    assertTrue(told.contains("RAPIDS Accelerator keeps 40 % (spark.rapids.memory.gpu.alloc"), told);
    assertTrue(told.contains("give RAPIDS less"), told);
  }

  @Test
  void rapidsTakesAllUnlessItIsTold() {
    SparkConf untold = new SparkConf(false).set("spark.plugins", "com.nvidia.spark.SQLPlugin");
    assertTrue(GpuMemory.of(untold, gpu(80 * GIB)).complaint(1, 1).isPresent());
  }

  @Test
  void rapidsThatOnlyExplainsTakesNothing() {
    SparkConf explains = rapids().set("spark.rapids.sql.mode", "explainOnly");
    assertEquals(new GpuMemory(20 * GIB, 0, false), GpuMemory.of(explains, gpu(20 * GIB)));
  }

  @Test
  void anUnknownMemoryIsNotJudged() {
    assertEquals(Optional.empty(), GpuMemory.of(rapids(), gpu(0)).complaint(100 * GIB, 1));
  }
}
