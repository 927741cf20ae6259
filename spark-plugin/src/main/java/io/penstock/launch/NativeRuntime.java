package io.penstock.launch;

import io.penstock.device.Backend;
import io.penstock.device.Device;
import org.nd4j.linalg.api.ops.executioner.OpExecutioner;
import org.nd4j.linalg.factory.Nd4j;

/** Readies ND4J in this process. Thread-safe and idempotent. */
public final class NativeRuntime {
  private NativeRuntime() {}

  /**
   * Loads the native libraries, unless that is done, and sets how they work. Takes the CPU where
   * nothing was chosen: to load CUDA on a GPU that ND4J has no code for would end the process, so
   * only what has looked at the GPU chooses it. On CUDA it binds this thread to the process's GPU.
   *
   * @param threads threads that one task's kernels may use; more than the task's cores make
   *     everything several times slower, for OpenMP's threads spin while they wait
   */
  public static void ready(int threads) {
    Backend.CPU.choose();
    // The mode that ND4J starts in checks every operation, which triples the time of a small one.
    Nd4j.getExecutioner().setProfilingMode(OpExecutioner.ProfilingMode.DISABLED);
    Nd4j.getEnvironment().setMaxThreads(threads);
    Nd4j.getEnvironment().setMaxMasterThreads(threads);
    // OpenBLAS counts its own threads.
    Nd4j.factory().blas().setMaxThreads(threads);
    Backend.loaded(); // from now on that is what the process says it has
    Device.bindToClaimed();
  }
}
