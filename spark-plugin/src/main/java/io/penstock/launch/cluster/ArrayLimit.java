package io.penstock.launch.cluster;

import io.penstock.Internal;
import io.penstock.array.NativeHeap;
import java.util.Optional;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkEnv;

/**
 * Limit on the native arrays of an executor's process, JavaCPP's and ND4J's together. Immutable;
 * any thread may call.
 *
 * <p>JavaCPP takes its limit from a system property when it is first used, and refuses by an {@link
 * OutOfMemoryError}. ND4J counts its own arrays, which JavaCPP does not know, and takes a limit at
 * any time: it gets what JavaCPP has left, anew at every step. In local mode the process is the
 * user's own, and its limits are left as they are.
 *
 * @param memory of the executor
 */
@Internal
public record ArrayLimit(ExecutorMemory memory) {
  private static final String JAVACPP = "org.bytedeco.javacpp.maxbytes";
  private static final String JAVACPP_RESIDENT = "org.bytedeco.javacpp.maxphysicalbytes";
  private static final String JAVACPP_CLASSES = "org.bytedeco.javacpp.";

  /** ND4J's words where an array is more than its limit leaves; it has no class for it. */
  private static final String ND4J_REFUSES = "exceeds HOST device limits";

  /** Returns the limit of this process by the application's settings. */
  public static ArrayLimit here() {
    return new ArrayLimit(ExecutorMemory.of(SparkEnv.get().conf()));
  }

  /**
   * Makes JavaCPP keep to the limit of an executor, unless the user has set JavaCPP's own. Works
   * only before its first use in the process.
   */
  public static void announce(SparkConf conf) {
    ExecutorMemory memory = ExecutorMemory.of(conf);
    if (memory.counted() == ExecutorMemory.Counted.BY_DRIVER) {
      return;
    }
    if (System.getProperty(JAVACPP) == null) {
      System.setProperty(JAVACPP, Long.toString(Math.max(1, memory.arrays())));
    }
    if (System.getProperty(JAVACPP_RESIDENT) == null) {
      // Its default, four times the heap, may be less than an overhead; 0 is no limit.
      boolean container = memory.counted() == ExecutorMemory.Counted.BY_CONTAINER;
      long resident = container ? memory.heapBytes() + memory.besideBytes() : 0;
      System.setProperty(JAVACPP_RESIDENT, Long.toString(resident));
    }
  }

  /**
   * Makes room for a rank: what is idle in this process is freed, for the rank's memory was counted
   * without it, and ND4J may take what JavaCPP has left then. What it needs is not known yet. Loads
   * ND4J.
   */
  public void makeRoom() {
    if (memory.counted() != ExecutorMemory.Counted.BY_DRIVER) {
      NativeHeap.plan(0);
      IdleMemory.HERE.free();
      renew();
    }
  }

  /** Lets ND4J take what JavaCPP has left. Loads ND4J; takes some microseconds. */
  public void renew() {
    if (memory.counted() != ExecutorMemory.Counted.BY_DRIVER) {
      NativeHeap.limit(memory.arrays());
    }
  }

  /**
   * Returns the failure with words on the setting, where an allocation beyond the limit has caused
   * it; otherwise the failure itself. The error of the virtual machine that JavaCPP throws, for
   * which Spark would end the process, is not among its causes.
   */
  public Throwable explained(Throwable failure) {
    return refusal(failure)
        .<Throwable>map(
            refusal -> {
              OutOfNativeMemoryException told =
                  new OutOfNativeMemoryException(
                      "The native arrays of this process are at their limit: "
                          + memory.words()
                          + ". Set "
                          + memory.setting(memory.arrays() + Math.max(1, memory.arrays()) / 2)
                          + " or more, or take more stages or smaller micro-batches. ("
                          + refusal.getMessage()
                          + ")");
              told.setStackTrace(refusal.getStackTrace());
              return told;
            })
        .orElse(failure);
  }

  private static Optional<Throwable> refusal(Throwable failure) {
    for (Throwable one = failure; one != null; one = one.getCause()) {
      if (isJavaCpps(one) || String.valueOf(one.getMessage()).contains(ND4J_REFUSES)) {
        return Optional.of(one);
      }
    }
    return Optional.empty();
  }

  private static boolean isJavaCpps(Throwable one) {
    StackTraceElement[] trace = one.getStackTrace();
    return one instanceof OutOfMemoryError
        && trace.length > 0
        && trace[0].getClassName().startsWith(JAVACPP_CLASSES);
  }
}
