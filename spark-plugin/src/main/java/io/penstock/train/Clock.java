package io.penstock.train;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.OptionalLong;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Time as the timers of this package read it. Each thread that reads it is told its own work.
 *
 * @param nanos nanoseconds since some moment
 * @param workNanos processor time of the calling thread so far; empty where the JVM does not count
 *     it
 */
record Clock(LongSupplier nanos, Supplier<OptionalLong> workNanos) {
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  /** The machine's. */
  static final Clock SYSTEM = new Clock(System::nanoTime, Clock::worked);

  private static OptionalLong worked() {
    return THREADS.isCurrentThreadCpuTimeSupported()
        ? OptionalLong.of(THREADS.getCurrentThreadCpuTime())
        : OptionalLong.empty();
  }

  long now() {
    return nanos.getAsLong();
  }
}
