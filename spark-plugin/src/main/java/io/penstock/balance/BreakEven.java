package io.penstock.balance;

import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.function.IntPredicate;

/**
 * From which size on several ranks pay. Searches by powers of two, then between two of them: what
 * it finds pays, and a little less does not. Where a mini-batch has to be larger than the present
 * one, every size up to the one found is taken not to pay, as times are straight lines in the rows.
 *
 * @param sides at the present size
 */
record BreakEven(Sides sides) {
  /** A mini-batch or a layer's work so many times as large as now (two to this) is out of reach. */
  private static final int MOST_DOUBLINGS = 14;

  /** The answer is not known better than the times it comes from. */
  private static final int PARTS = 16;

  private static final int STEPS_OF_A_DOUBLING = 16;

  /** Rows of the smallest mini-batch that pays; empty if none does. */
  OptionalInt batch() {
    int microBatches = sides.schedule().microBatches();
    int now = Math.max(1, (sides.batchSize() + microBatches - 1) / microBatches);
    IntPredicate pays = rows -> sides.withRows(rows).pay();
    int least = Math.max(1, (sides.microBatchesOnOne() + microBatches - 1) / microBatches);
    OptionalInt rows;
    if (sides.pay() && now > least) {
      rows = OptionalInt.of(pays.test(least) ? least : between(least, now, pays));
    } else if (sides.pay()) {
      rows = OptionalInt.of(now);
    } else {
      rows = above(now, pays);
    }
    return rows.isEmpty()
        ? rows
        : OptionalInt.of(Math.min(rows.getAsInt() * microBatches, atMost(rows.getAsInt())));
  }

  /** How many times as wide layers pay; 1 if the present ones do; empty if none do. */
  OptionalDouble width() {
    if (sides.pay()) {
      return OptionalDouble.of(1);
    }
    // Work in 16ths of a doubling.
    IntPredicate pays = steps -> sides.withWork(work(steps)).pay();
    int most = MOST_DOUBLINGS * STEPS_OF_A_DOUBLING;
    if (!pays.test(most)) {
      return OptionalDouble.empty();
    }
    int fails = 0;
    int works = most;
    while (works - fails > 1) {
      int middle = (fails + works) / 2;
      if (pays.test(middle)) {
        works = middle;
      } else {
        fails = middle;
      }
    }
    return OptionalDouble.of(Math.sqrt(work(works)));
  }

  private static double work(int steps) {
    return Math.pow(2, (double) steps / STEPS_OF_A_DOUBLING);
  }

  /** A mini-batch that pays as it is need not be filled up to even micro-batches. */
  private int atMost(int rows) {
    int now = sides.batchSize();
    boolean whole = rows * sides.schedule().microBatches() >= now;
    return whole && sides.pay() ? now : Integer.MAX_VALUE;
  }

  private static OptionalInt above(int now, IntPredicate pays) {
    int most = MOST_DOUBLINGS;
    while (most > 0 && (long) now << most > Integer.MAX_VALUE / 1024) {
      most--;
    }
    if (most == 0 || !pays.test(now << most)) {
      return OptionalInt.empty();
    }
    int fails = 0;
    int works = most;
    while (works - fails > 1) {
      int middle = (fails + works) / 2;
      if (pays.test(now << middle)) {
        works = middle;
      } else {
        fails = middle;
      }
    }
    return OptionalInt.of(between(now << fails, now << works, pays));
  }

  /** Of two numbers of rows, of which the first does not pay and the second does. */
  private static int between(int low, int high, IntPredicate pays) {
    int fails = low;
    int works = high;
    while (works - fails > Math.max(1, fails / PARTS)) {
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
