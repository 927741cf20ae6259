package io.penstock.balance;

import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.function.IntPredicate;

/**
 * Break-even of several ranks against one: the mini-batch, or the layers' width, from which on they
 * pay. Immutable. Searches by powers of two, then between two of them: what it finds pays, and a
 * little less does not. Where a mini-batch has to be larger than the present one, every size up to
 * the one found is taken not to pay, as times are straight lines in the rows.
 *
 * @param sides at the present size
 */
record BreakEven(Sides sides) {
  /** A mini-batch or a layer's work so many times as large as now (two to this) is out of reach. */
  private static final int MOST_DOUBLINGS = 14;

  /** Bound of the rows of a mini-batch. */
  private static final int MOST_ROWS = 1 << 30;

  /** The answer is not known better than the times it comes from. */
  private static final int PARTS = 16;

  private static final int EXACT = Integer.MAX_VALUE;

  /** Returns the rows of the smallest mini-batch that pays; empty if none does. */
  OptionalInt batch() {
    int microBatches = sides.schedule().microBatches();
    int now = ceilDiv(sides.batchSize(), microBatches);
    IntPredicate pays = rows -> sides.withRows(rows).pay();
    if (!sides.pay()) {
      return above(now, MOST_ROWS / microBatches, pays).stream()
          .map(rows -> rows * microBatches)
          .findFirst();
    }
    int fewest = Math.min(now, ceilDiv(sides.microBatchesOnOne(), microBatches));
    int rows = pays.test(fewest) ? fewest : least(fewest, now, PARTS, pays);
    return OptionalInt.of(Math.min(rows * microBatches, sides.batchSize()));
  }

  private static int ceilDiv(int all, int each) {
    return (all - 1) / each + 1;
  }

  private static OptionalInt above(int now, int limit, IntPredicate pays) {
    int most = MOST_DOUBLINGS;
    while (most > 0 && (long) now << most > limit) {
      most--;
    }
    if (most == 0 || !pays.test(now << most)) {
      return OptionalInt.empty();
    }
    int doublings = least(0, most, EXACT, count -> pays.test(now << count));
    return OptionalInt.of(least(now << (doublings - 1), now << doublings, PARTS, pays));
  }

  /** Returns how many times as wide layers pay; 1 if the present ones do; empty if none do. */
  OptionalDouble width() {
    if (sides.pay()) {
      return OptionalDouble.of(1);
    }
    IntPredicate pays = steps -> sides.withWork(work(steps)).pay();
    int most = MOST_DOUBLINGS * PARTS;
    return pays.test(most)
        ? OptionalDouble.of(Math.sqrt(work(least(0, most, EXACT, pays))))
        : OptionalDouble.empty();
  }

  private static double work(int partsOfADoubling) {
    return Math.pow(2, (double) partsOfADoubling / PARTS);
  }

  /**
   * Returns the least number that pays between two of which the first does not and the second does,
   * to a part of it.
   */
  private static int least(int low, int high, int parts, IntPredicate pays) {
    int fails = low;
    int works = high;
    while (works - fails > Math.max(1, fails / parts)) {
      int middle = fails + (works - fails) / 2;
      if (pays.test(middle)) {
        works = middle;
      } else {
        fails = middle;
      }
    }
    return works;
  }
}
