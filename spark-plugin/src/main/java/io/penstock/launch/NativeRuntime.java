package io.penstock.launch;

import org.nd4j.linalg.api.ops.executioner.OpExecutioner;
import org.nd4j.linalg.factory.Nd4j;

/** Readies ND4J in this process. Thread-safe and idempotent. */
public final class NativeRuntime {
  private NativeRuntime() {}

  /**
   * Loads the native libraries, unless that is done, and sets how they work.
   *
   * @param threads threads that one task's kernels may use; more than the task's cores make
   *     everything several times slower, for OpenMP's threads spin while they wait
   */
  public static void ready(int threads) {
    // The mode that ND4J starts in checks every operation, which triples the time of a small one.
    Nd4j.getExecutioner().setProfilingMode(OpExecutioner.ProfilingMode.DISABLED);
    Nd4j.getEnvironment().setMaxThreads(threads);
    Nd4j.getEnvironment().setMaxMasterThreads(threads);
    // OpenBLAS counts its own threads.
    Nd4j.factory().blas().setMaxThreads(threads);
  }
}
