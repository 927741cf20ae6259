package io.penstock.launch.cluster;

import io.penstock.Internal;
import io.penstock.compute.Arithmetic;
import io.penstock.compute.ChosenKernels;
import io.penstock.conf.Settings;
import io.penstock.device.Device;
import io.penstock.device.InstructionSet;
import io.penstock.device.Nd4jBackend;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkEnv;
import org.nd4j.linalg.api.ops.executioner.OpExecutioner;
import org.nd4j.linalg.factory.Nd4j;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Native runtime of this process: readies ND4J and its kernels for whatever is first to load native
 * code. Thread-safe and idempotent.
 */
@Internal
public final class NativeRuntime {
  private static final Logger LOG = LoggerFactory.getLogger(NativeRuntime.class);
  private static final String TOLD = "io.penstock.told.";

  private NativeRuntime() {}

  /**
   * Loads the native libraries, unless that is done, and sets how they work. Takes the CPU where
   * nothing was chosen: to load CUDA on a GPU that ND4J has no code for would end the process, so
   * only what has looked at the GPU chooses it. On CUDA it binds this thread to the process's GPU.
   * Tells the log, once, what the process computes with.
   *
   * @param threads threads that one task's kernels may use; more than the task's cores make
   *     everything several times slower, for OpenMP's threads spin while they wait
   * @throws IllegalArgumentException if {@code spark.penstock.compute.isa} is none, or one that the
   *     processor does not have
   */
  public static void ready(int threads) {
    chooseKernels(threads);
    Nd4jBackend.CPU.choose();
    // The mode that ND4J starts in checks every operation, which triples the time of a small one.
    Nd4j.getExecutioner().setProfilingMode(OpExecutioner.ProfilingMode.DISABLED);
    Nd4j.getEnvironment().setMaxThreads(threads);
    Nd4j.getEnvironment().setMaxMasterThreads(threads);
    // OpenBLAS counts its own threads.
    Nd4j.factory().blas().setMaxThreads(threads);
    // From now on that is what the process says it has.
    if (Nd4jBackend.loaded() == Nd4jBackend.CPU) {
      tell(Arithmetic.here(threads));
    }
    Device.bindToClaimed();
  }

  /**
   * Chooses the kernels of this process by its processor and {@code spark.penstock.compute.isa},
   * unless they are chosen. Comes before whatever loads a native library.
   *
   * @throws IllegalArgumentException if the setting is no instruction set, or one that the
   *     processor does not have
   */
  public static void chooseKernels() {
    SparkEnv env = SparkEnv.get();
    chooseKernels(env == null ? 1 : env.conf().getInt("spark.task.cpus", 1));
  }

  private static void chooseKernels(int threads) {
    ChosenKernels.choose(asked(), threads).ifPresent(trouble -> once(trouble, LOG::warn));
  }

  /**
   * Returns the instruction set that the application's processes are asked to use; empty for the
   * best of each.
   */
  private static Optional<InstructionSet> asked() {
    SparkEnv env = SparkEnv.get();
    return env == null ? Optional.empty() : asked(env.conf());
  }

  static Optional<InstructionSet> asked(SparkConf conf) {
    return InstructionSet.asked(Settings.INSTRUCTION_SET.in(conf));
  }

  private static void tell(Arithmetic here) {
    once("This process " + here.line(), LOG::info);
    here.complaint().ifPresent(wrong -> once(wrong, LOG::warn));
  }

  /** Warns in the log, unless the process has done so already. */
  static void warnOnce(String words) {
    once(words, LOG::warn);
  }

  /** Logs words unless the process has logged them already. */
  private static void once(String words, Consumer<String> log) {
    if (System.getProperties().putIfAbsent(TOLD + words.hashCode(), "") == null) {
      log.accept(words);
    }
  }
}
