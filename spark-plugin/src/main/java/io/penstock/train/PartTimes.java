package io.penstock.train;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * Times of the parts of gradients that a rank sends to other replicas and gets from them in a step,
 * against the end of its own backward: what is there by then has come beside it, and all else is
 * waited for. For the rank's thread; parts arrive on any.
 */
final class PartTimes {
  private final int rank;
  private final LongSupplier clock;
  private final List<PartTime> handed = new ArrayList<>();
  private final List<Arrival> expected = new ArrayList<>();
  private long backwardEnd;

  /** A part that is on its way; one for each step, so that a late notice is of no other. */
  private final class Arrival implements Runnable {
    private final int layer;
    private final int fromRank;
    private final long bytes;
    private volatile long nanos;

    Arrival(int layer, int fromRank, long bytes) {
      this.layer = layer;
      this.fromRank = fromRank;
      this.bytes = bytes;
    }

    @Override
    public void run() {
      nanos = clock.getAsLong();
    }

    /** Whoever waits for a part may have it before its arrival is noted. */
    boolean isBeside() {
      return nanos != 0 && nanos <= backwardEnd;
    }

    PartTime time() {
      return new PartTime(layer, fromRank, rank, bytes, nanos);
    }
  }

  /**
   * @param clock nanoseconds of the wall clock, for any thread
   */
  PartTimes(int rank, LongSupplier clock) {
    this.rank = rank;
    this.clock = clock;
  }

  /** Begins a step. */
  void begin() {
    handed.clear();
    expected.clear();
    backwardEnd = 0;
  }

  /** Returns what is to be run when a part arrives that this rank sums. */
  Runnable expect(int layer, int fromRank, long bytes) {
    Arrival arrival = new Arrival(layer, fromRank, bytes);
    expected.add(arrival);
    return arrival;
  }

  /** Takes note that a part is handed to the link. */
  void hand(int layer, int toRank, long bytes) {
    handed.add(new PartTime(layer, rank, toRank, bytes, clock.getAsLong()));
  }

  /** Takes note that the backward of all stages of the rank is over, when it is told first. */
  void endBackward() {
    backwardEnd = backwardEnd == 0 ? clock.getAsLong() : backwardEnd;
  }

  /** Returns the bytes of the parts that this rank gets in the step. */
  long bytes() {
    return expected.stream().mapToLong(arrival -> arrival.bytes).sum();
  }

  /** Returns the bytes of those parts that were there when the rank's own backward was over. */
  long bytesBeside() {
    return expected.stream().filter(Arrival::isBeside).mapToLong(arrival -> arrival.bytes).sum();
  }

  /** Returns the moments of all parts of the step: those handed over, then those that came. */
  List<PartTime> list() {
    List<PartTime> all = new ArrayList<>(handed);
    expected.forEach(arrival -> all.add(arrival.time()));
    return all;
  }
}
