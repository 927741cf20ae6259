package io.penstock.train;

import io.penstock.link.Link;
import io.penstock.link.LinkStats;
import java.util.function.LongSupplier;
import org.bytedeco.javacpp.Pointer;

/**
 * Takes a rank's times of one epoch: what its counters say in the end, less what they said before.
 */
final class EpochTimer {
  private final StepRunner runner;
  private final Link link;
  private final LongSupplier updateNanos;
  private final WallClock clock;
  private final long start;
  private final long busy;
  private final long waited;
  private final long moved;
  private final LinkStats traffic;

  /** The epoch begins. */
  EpochTimer(StepRunner runner, Link link, LongSupplier updateNanos, WallClock clock) {
    this.runner = runner;
    this.link = link;
    this.updateNanos = updateNanos;
    this.clock = clock;
    this.start = clock.nanos();
    this.busy = busyNanos();
    this.waited = runner.waitNanos();
    this.moved = runner.moveNanos();
    this.traffic = link.stats();
  }

  private long busyNanos() {
    return runner.busyNanos() + updateNanos.getAsLong();
  }

  /** Since it began. */
  double seconds() {
    return (clock.nanos() - start) / 1e9;
  }

  /** The epoch's last update is done. */
  RankTimes times() {
    LinkStats now = link.stats();
    return new RankTimes(
        seconds(),
        (busyNanos() - busy) / 1e9,
        (runner.waitNanos() - waited) / 1e9,
        (runner.moveNanos() - moved) / 1e9,
        0,
        now.bytesSent() - traffic.bytesSent(),
        now.bytesReceived() - traffic.bytesReceived(),
        now.framesInFlight(),
        Pointer.totalBytes());
  }
}
