package io.penstock.bench;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;

/** What a process has used since it began: of its heap, and of the processors. */
record Spent(long heapBytes, long cpuNanos) {
  static Spent now() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long[] bytes = threads.getThreadAllocatedBytes(threads.getAllThreadIds());
    OperatingSystemMXBean system =
        (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    return new Spent(Arrays.stream(bytes).sum(), system.getProcessCpuTime());
  }

  Spent since(Spent earlier) {
    return new Spent(heapBytes - earlier.heapBytes, cpuNanos - earlier.cpuNanos);
  }
}
