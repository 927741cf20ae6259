package io.penstock.train;

import io.penstock.array.NativeHeap;
import io.penstock.link.Link;
import io.penstock.link.LinkStats;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.OptionalLong;

/**
 * Timer of one epoch on a rank: differences of its counters between the epoch's end and its begin.
 * For the rank's thread.
 */
final class EpochTimer {
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private final RankMeter meter;
  private final Link link;
  private final WallClock clock;
  private final long start;
  private final long busy;
  private final long waited;
  private final long moved;
  private final long exchanged;
  private final long beside;
  private final LinkStats traffic;
  private final OptionalLong heap;

  /** Begins an epoch. */
  EpochTimer(RankMeter meter, Link link, WallClock clock) {
    this.meter = meter;
    this.link = link;
    this.clock = clock;
    this.start = clock.nanos();
    this.busy = meter.busyNanos();
    this.waited = meter.waitNanos();
    this.moved = meter.moveNanos();
    this.exchanged = meter.exchangedBytes();
    this.beside = meter.besideBytes();
    this.traffic = link.stats();
    this.heap = heapTaken();
  }

  /**
   * Returns the bytes that this thread has ever allocated on the heap; empty where the JVM does not
   * count.
   */
  private static OptionalLong heapTaken() {
    return THREADS instanceof com.sun.management.ThreadMXBean counting
            && counting.isThreadAllocatedMemorySupported()
            && counting.isThreadAllocatedMemoryEnabled()
        ? OptionalLong.of(counting.getCurrentThreadAllocatedBytes())
        : OptionalLong.empty();
  }

  /** Returns the seconds since the epoch began. */
  double seconds() {
    return (clock.nanos() - start) / 1e9;
  }

  /** Returns the times of the epoch, whose last update is done. */
  RankTimes times() {
    OptionalLong heapNow = heapTaken();
    LinkStats now = link.stats();
    return new RankTimes(
        seconds(),
        (meter.busyNanos() - busy) / 1e9,
        (meter.waitNanos() - waited) / 1e9,
        (meter.moveNanos() - moved) / 1e9,
        0,
        now.bytesSent() - traffic.bytesSent(),
        now.bytesReceived() - traffic.bytesReceived(),
        meter.exchangedBytes() - exchanged,
        meter.besideBytes() - beside,
        now.framesInFlight(),
        NativeHeap.bytes(),
        heap.isPresent() && heapNow.isPresent() ? heapNow.getAsLong() - heap.getAsLong() : null);
  }
}
