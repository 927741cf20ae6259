package io.penstock.schedule.generate;

import io.penstock.Amount;

/**
 * Numbers of virtual stages that a schedule allows: stages on each rank. Immutable.
 *
 * @param fewest at least 1
 * @param usual how many there are if nobody says
 * @param most {@link Integer#MAX_VALUE} for any number
 */
record VirtualStages(int fewest, int usual, int most) {
  /** Returns the numbers of a schedule that has exactly this many stages a rank. */
  static VirtualStages exactly(int stages) {
    return new VirtualStages(stages, stages, stages);
  }

  /** Returns the numbers of a schedule that takes any number of stages a rank. */
  static VirtualStages any(int usual) {
    return new VirtualStages(1, usual, Integer.MAX_VALUE);
  }

  boolean has(int stages) {
    return fewest <= stages && stages <= most;
  }

  /** Returns the numbers in words, such as {@code 2 stages} or {@code at least 1 stage}. */
  @Override
  public String toString() {
    Amount least = new Amount(fewest, "stage");
    return fewest == most
        ? least.toString()
        : most == Integer.MAX_VALUE
            ? "at least " + least
            : fewest + " to " + new Amount(most, "stage");
  }
}
