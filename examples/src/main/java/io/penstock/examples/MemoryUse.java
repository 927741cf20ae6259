package io.penstock.examples;

import java.io.IOException;
import java.io.Serializable;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * What one process has used since its peaks were last reset.
 *
 * @param pid the process
 * @param heapBytes the most that was in use of the heap: the sum of its spaces' peaks, so rather
 *     too much than too little
 * @param offHeapBytes the most memory of the process outside of the heap: arrays, and the JVM's and
 *     the native libraries' own. Exact where the heap's pages are touched when they are committed
 *     ({@code -XX:+AlwaysPreTouch}); 0 where the system does not say (it is Linux that does)
 * @param residentBytes the most memory of the process, heap and all; 0 where the system does not
 *     say
 * @param gcMillis time in the garbage collector since the process started
 */
public record MemoryUse(
    long pid, long heapBytes, long offHeapBytes, long residentBytes, long gcMillis)
    implements Serializable {
  private static final Path STATUS = Path.of("/proc/self/status");
  private static final Path CLEAR = Path.of("/proc/self/clear_refs");

  /** Long enough for Spark to give every slot a task before one is free again. */
  private static final long HOLD_MILLIS = 50;

  /**
   * Reads every executor, by process. The peaks start anew.
   *
   * @param executors how many there are, with one slot each
   */
  public static Map<Long, MemoryUse> readAndReset(JavaSparkContext context, int executors) {
    Map<Long, MemoryUse> byProcess = new TreeMap<>();
    List<Integer> slots = IntStream.range(0, executors).boxed().toList();
    context
        .parallelize(slots, executors)
        .map(
            slot -> {
              Thread.sleep(HOLD_MILLIS);
              return here();
            })
        .collect()
        // Threads of one process read and reset one after the other: the first has the peaks.
        .forEach(use -> byProcess.merge(use.pid, use, MemoryUse::larger));
    return byProcess;
  }

  private static MemoryUse larger(MemoryUse a, MemoryUse b) {
    return new MemoryUse(
        a.pid,
        Math.max(a.heapBytes, b.heapBytes),
        Math.max(a.offHeapBytes, b.offHeapBytes),
        Math.max(a.residentBytes, b.residentBytes),
        Math.max(a.gcMillis, b.gcMillis));
  }

  /** Reads this process. The peaks start anew. */
  public static MemoryUse here() throws IOException {
    List<MemoryPoolMXBean> heap =
        ManagementFactory.getMemoryPoolMXBeans().stream()
            .filter(pool -> pool.getType() == MemoryType.HEAP)
            .toList();
    long used = heap.stream().mapToLong(pool -> pool.getPeakUsage().getUsed()).sum();
    heap.forEach(MemoryPoolMXBean::resetPeakUsage);
    long committed = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getCommitted();
    long resident = resident();
    return new MemoryUse(
        ProcessHandle.current().pid(),
        used,
        Math.max(0, resident - committed),
        resident,
        ManagementFactory.getGarbageCollectorMXBeans().stream()
            .mapToLong(GarbageCollectorMXBean::getCollectionTime)
            .sum());
  }

  private static long resident() throws IOException {
    if (!Files.isReadable(STATUS)) {
      return 0;
    }
    long resident = peakResident(Files.readAllLines(STATUS));
    if (Files.isWritable(CLEAR)) {
      Files.writeString(CLEAR, "5"); // the peak starts anew: proc(5)
    }
    return resident;
  }

  /** The line {@code VmHWM: 123456 kB} in bytes. */
  static long peakResident(Collection<String> status) {
    return status.stream()
            .filter(line -> line.startsWith("VmHWM:"))
            .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
            .findFirst()
            .orElse(0)
        << 10;
  }
}
