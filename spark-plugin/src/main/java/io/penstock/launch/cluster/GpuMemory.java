package io.penstock.launch.cluster;

import io.penstock.Amount;
import io.penstock.device.Device;
import io.penstock.feed.Rapids;
import java.util.Optional;
import org.apache.spark.SparkConf;

/**
 * Memory of a GPU that stages are to lie on. Immutable.
 *
 * @param total bytes that the GPU has; 0 if it is not known
 * @param rapidsShare the share that the RAPIDS Accelerator takes in the same process and keeps, 0
 *     to 1
 * @param byDriver whether it is computed on through CUDA's driver; by ND4J otherwise
 */
record GpuMemory(long total, double rapidsShare, boolean byDriver) {
  /**
   * Bytes that CUDA's context, ND4J's kernels and cuBLAS take of a GPU before the first array: an
   * assumption, on the safe side, that nothing here could measure.
   */
  private static final long OF_ND4J = 1L << 30;

  /**
   * Bytes that CUDA's context, Penstock's kernels and the scratch memory of products take of a GPU
   * before the first array: as much an assumption.
   */
  private static final long OF_DRIVER = 512L << 20;

  private static final String SHARE = "spark.rapids.memory.gpu.allocFraction";
  private static final String MOST = "spark.rapids.memory.gpu.maxAllocFraction";

  /**
   * Returns the memory of a GPU in a process with these settings. RAPIDS takes all of it unless it
   * is told.
   */
  static GpuMemory of(SparkConf conf, Device gpu) {
    boolean rapids =
        Rapids.isOnGpu(conf.get("spark.plugins", ""), conf.get(Rapids.MODE, Rapids.ON_GPU));
    double share = rapids ? Math.min(conf.getDouble(SHARE, 1), conf.getDouble(MOST, 1)) : 0;
    return new GpuMemory(gpu.memoryBytes(), share, gpu.isByDriver());
  }

  /**
   * Returns why stages do not fit, and what to do; empty if they do.
   *
   * @param stageBytes that the largest of them holds
   * @param stages that share the GPU
   */
  Optional<String> complaint(long stageBytes, int stages) {
    long left = (long) (total * (1 - rapidsShare));
    long reserve = byDriver ? OF_DRIVER : OF_ND4J;
    if (total == 0 || stages * stageBytes + reserve <= left) {
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
            + " MiB for weights, gradients, updater state and activations in flight"
            + (stages == 1 ? "" : ", " + new Amount(stages, "stage") + " are to share the GPU")
            + ", and CUDA and "
            + (byDriver ? "the kernels" : "ND4J")
            + " take an assumed "
            + NativeMemory.mebibytes(reserve)
            + " MiB, but it has "
            + NativeMemory.mebibytes(total)
            + " MiB"
            + rapids
            + ". Take more stages, smaller micro-batches or recompute, "
            + (rapidsShare == 0 ? "" : "give RAPIDS less, ")
            + "or train on the CPU: requireGpu false.");
  }
}
