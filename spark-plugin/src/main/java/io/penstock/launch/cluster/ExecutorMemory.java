package io.penstock.launch.cluster;

import io.penstock.Internal;
import io.penstock.launch.SparkVersion;
import org.apache.spark.SparkConf;
import org.apache.spark.network.util.JavaUtils;

/**
 * Memory of an executor's process as its cluster counts it, by the settings. Immutable; any thread
 * may ask.
 *
 * <p>YARN and Kubernetes give an executor a container of heap and overhead, and kill it when its
 * resident memory is more. The overhead is {@code spark.executor.memoryOverhead} or, where that is
 * not set, a share of the heap with a least size, as Spark's {@code ResourceProfile} computes it.
 * Besides native arrays it holds all that the JVM has outside of its heap. Memory that Spark itself
 * may take outside of the heap ({@code spark.memory.offHeap.size}) comes on top of the overhead in
 * a container, and is no one else's.
 *
 * @param counted by whom the memory is counted
 * @param heapBytes most bytes of the heap
 * @param besideBytes bytes outside of the heap
 * @param whence where the bytes outside of the heap come from, in words
 */
@Internal
public record ExecutorMemory(Counted counted, long heapBytes, long besideBytes, String whence) {
  /** Setting of the bytes outside of the heap. */
  static final String OVERHEAD = "spark.executor.memoryOverhead";

  private static final String HEAP = "spark.executor.memory";
  private static final String FACTOR = "spark.executor.memoryOverheadFactor";
  private static final String KUBERNETES_FACTOR = "spark.kubernetes.memoryOverheadFactor";
  private static final String LEAST = "spark.executor.minMemoryOverhead";
  private static final double USUAL_FACTOR = 0.1;
  private static final String USUAL_LEAST = "384m";

  /**
   * Bytes of a container that are left to the JVM: its classes, compiled code, threads, collector
   * and symbols, the machine code of the native libraries, and the buffers of Spark's transport.
   */
  static final long JVM_BYTES = 352L << 20;

  /** Party that counts an executor's memory, and ends a process that takes too much. */
  public enum Counted {
    /** Nobody: the tasks are threads of the driver. */
    BY_DRIVER,
    /** Nobody: a worker starts executors, and looks at their heap alone. */
    BY_NOBODY,
    /** YARN's NodeManager or the kernel on Kubernetes, for a container of heap and overhead. */
    BY_CONTAINER
  }

  /** Returns the memory of an executor of an application with these settings. */
  public static ExecutorMemory of(SparkConf conf) {
    if (NativeMemory.isLocal(conf)) {
      return ofDriver(Runtime.getRuntime().maxMemory());
    }
    long heap = mebibytes(conf.get(HEAP, "1g"));
    Counted counted = isContainer(conf) ? Counted.BY_CONTAINER : Counted.BY_NOBODY;
    if (conf.contains(OVERHEAD)) {
      return new ExecutorMemory(counted, heap << 20, mebibytes(conf.get(OVERHEAD)) << 20, OVERHEAD);
    }
    if (counted == Counted.BY_NOBODY) {
      return new ExecutorMemory(
          counted, heap << 20, heap << 20, "the heap's size, for " + OVERHEAD + " is not set");
    }
    double factor = factor(conf);
    long least = least(conf);
    return new ExecutorMemory(
        counted,
        heap << 20,
        Math.max((int) (factor * heap), least) << 20,
        "the larger of "
            + least
            + " MiB and "
            + Math.round(100 * factor)
            + " % of the heap, for "
            + OVERHEAD
            + " is not set");
  }

  /** Returns the memory of tasks that are threads of the driver, which may take so many bytes. */
  static ExecutorMemory ofDriver(long bytes) {
    return new ExecutorMemory(Counted.BY_DRIVER, bytes, bytes, "its -Xmx");
  }

  private static boolean isContainer(SparkConf conf) {
    String master = conf.get("spark.master", "");
    return master.equals("yarn") || master.startsWith("k8s://");
  }

  private static double factor(SparkConf conf) {
    boolean kubernetes = conf.get("spark.master", "").startsWith("k8s://");
    double usual = kubernetes ? conf.getDouble(KUBERNETES_FACTOR, USUAL_FACTOR) : USUAL_FACTOR;
    return conf.getDouble(FACTOR, usual);
  }

  private static long least(SparkConf conf) {
    return mebibytes(SparkVersion.isAtLeast(4) ? conf.get(LEAST, USUAL_LEAST) : USUAL_LEAST);
  }

  private static long mebibytes(String setting) {
    return JavaUtils.byteStringAsMb(setting);
  }

  /** Returns the bytes that native arrays of the process may take. */
  public long arrays() {
    return counted == Counted.BY_CONTAINER ? Math.max(0, besideBytes - JVM_BYTES) : besideBytes;
  }

  /** Returns, in words, how many bytes arrays may take, and why. */
  public String words() {
    String may = (arrays() >> 20) + " MiB";
    return switch (counted) {
      case BY_DRIVER -> "this process may allocate " + may + " (" + whence + ")";
      case BY_NOBODY -> "an executor may allocate " + may + " (" + whence + ")";
      case BY_CONTAINER ->
          "an executor may allocate "
              + may
              + ": its container has "
              + (besideBytes >> 20)
              + " MiB beside the heap ("
              + whence
              + "), of which "
              + (JVM_BYTES >> 20)
              + " MiB are left to the JVM";
    };
  }

  /** Returns the name of the setting on which it hangs how many bytes arrays may take. */
  public String setting() {
    return counted == Counted.BY_DRIVER ? "--driver-memory" : OVERHEAD;
  }

  /** Returns the setting with which arrays may take so many bytes. */
  public String setting(long bytes) {
    long all = counted == Counted.BY_CONTAINER ? bytes + JVM_BYTES : bytes;
    String mebibytes = NativeMemory.mebibytes(all) + "m";
    return counted == Counted.BY_DRIVER
        ? setting() + " " + mebibytes
        : "--conf " + setting() + "=" + mebibytes;
  }
}
