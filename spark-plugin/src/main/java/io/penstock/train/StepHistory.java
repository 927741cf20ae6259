package io.penstock.train;

import java.util.Arrays;

/**
 * History of a run's steps, their losses and times: of the newest {@value #MOST} where there were
 * more. Takes memory for those that were done, not for those that were planned. For one thread.
 */
final class StepHistory {
  static final int MOST = RankResult.MOST_STEPS;

  private static final int FIRST = 64;

  /** Losses of steps before the first that is added, oldest first. */
  private final double[] earlier;

  private double[] losses = new double[FIRST];
  private long[] starts = new long[FIRST];
  private long[] ends = new long[FIRST];
  private long steps;

  /**
   * @param earlier losses of the steps that were done before, oldest first; their times are not
   *     known any more
   */
  StepHistory(double[] earlier) {
    this.earlier = earlier;
  }

  /**
   * Adds a step.
   *
   * @param loss NaN where there is none
   * @param start when its first compute action started, in nanoseconds of the wall clock
   * @param end when its last compute action was done
   */
  void add(double loss, long start, long end) {
    if (steps == losses.length && steps < MOST) {
      int room = Math.min(MOST, 2 * losses.length);
      losses = Arrays.copyOf(losses, room);
      starts = Arrays.copyOf(starts, room);
      ends = Arrays.copyOf(ends, room);
    }
    int at = (int) (steps % losses.length);
    losses[at] = loss;
    starts[at] = start;
    ends[at] = end;
    steps++;
  }

  /** Returns the losses, oldest first, with those of the steps before. */
  double[] losses() {
    double[] ordered = new double[kept()];
    copy(losses, ordered);
    int before = Math.min(earlier.length, MOST - ordered.length);
    double[] all = Arrays.copyOfRange(earlier, earlier.length - before, earlier.length);
    all = Arrays.copyOf(all, before + ordered.length);
    System.arraycopy(ordered, 0, all, before, ordered.length);
    return all;
  }

  /** Returns the starts, oldest first, in nanoseconds of the wall clock. */
  long[] starts() {
    long[] ordered = new long[kept()];
    copy(starts, ordered);
    return ordered;
  }

  /** Returns the ends, oldest first, in nanoseconds of the wall clock. */
  long[] ends() {
    long[] ordered = new long[kept()];
    copy(ends, ordered);
    return ordered;
  }

  private int kept() {
    return (int) Math.min(steps, losses.length);
  }

  /** Copies a ring in its order; both are arrays of one type. */
  private void copy(Object ring, Object ordered) {
    int oldest = steps <= losses.length ? 0 : (int) (steps % losses.length);
    int untilEnd = Math.min(kept(), losses.length - oldest);
    System.arraycopy(ring, oldest, ordered, 0, untilEnd);
    System.arraycopy(ring, 0, ordered, untilEnd, kept() - untilEnd);
  }
}
