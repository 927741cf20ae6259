package io.penstock.launch.cluster;

import io.penstock.feed.Rapids;
import java.util.Optional;
import org.apache.spark.SparkConf;

/**
 * Memory of a stage's GPU. Immutable.
 *
 * @param total bytes that the GPU has; 0 if it is not known
 * @param rapidsShare the share that the RAPIDS Accelerator takes in the same process and keeps, 0
 *     to 1
 */
record GpuMemory(long total, double rapidsShare) {
  /**
   * Bytes that CUDA's context, ND4J's kernels and cuBLAS take of a GPU before the first array: an
   * estimate, on the safe side, that nothing here could measure.
   */
  private static final long RESERVE = 1L << 30;

  private static final String SHARE = "spark.rapids.memory.gpu.allocFraction";
  private static final String MOST = "spark.rapids.memory.gpu.maxAllocFraction";

  /**
   * Returns the memory of a GPU in a process with these settings. RAPIDS takes all of it unless it
   * is told.
   */
  static GpuMemory of(SparkConf conf, long total) {
    boolean rapids =
        Rapids.isOnGpu(conf.get("spark.plugins", ""), conf.get(Rapids.MODE, Rapids.ON_GPU));
    double share = rapids ? Math.min(conf.getDouble(SHARE, 1), conf.getDouble(MOST, 1)) : 0;
    return new GpuMemory(total, share);
  }

  /**
   * Returns why a stage that holds this many bytes does not fit, and what to do; empty if it does.
   */
  Optional<String> complaint(long stageBytes) {
    long left = (long) (total * (1 - rapidsShare));
    if (total == 0 || stageBytes + RESERVE <= left) {
      return Optional.empty();
    }
    String rapids =
        rapidsShare == 0
            ? ""
            : ", of which the RAPIDS Accelerator keeps "
                + Math.round(100 * rapidsShare)
                + " % ("
                + SHARE
                + ")";
    return Optional.of(
        "the largest stage needs "
            + NativeMemory.mebibytes(stageBytes)
            + " MiB for weights, gradients, updater state and activations in flight, and CUDA and"
            + " ND4J about "
            + NativeMemory.mebibytes(RESERVE)
            + " MiB, but the GPU has "
            + NativeMemory.mebibytes(total)
            + " MiB"
            + rapids
            + ". Take more stages, smaller micro-batches or recompute, "
            + (rapidsShare == 0 ? "" : "give RAPIDS less, ")
            + "or train on the CPU: requireGpu false.");
  }
}
