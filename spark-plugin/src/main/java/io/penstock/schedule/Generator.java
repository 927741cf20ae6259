package io.penstock.schedule;

import java.util.OptionalInt;

/** A pure function from the size of a pipeline to its schedule. Stateless. */
interface Generator {
  /** The name people choose it by. */
  String id();

  /** The fewest stages that a rank can hold under this schedule. */
  default int fewestVirtualStages() {
    return 1;
  }

  /** The most stages that a rank can hold under this schedule. */
  default int mostVirtualStages() {
    return 1;
  }

  /** How many stages a rank holds if nobody says. */
  default int usualVirtualStages() {
    return fewestVirtualStages();
  }

  /** Whether the number of forwards at the start can be chosen. */
  default boolean hasWarmUp() {
    return false;
  }

  /**
   * Makes the actions of every rank: the compute actions alone, or with their movement.
   *
   * @param ranks at least 1
   * @param virtualStages stages on each rank, from fewest to most
   * @param microBatches at least 1; fewer than ranks is legal, if wasteful
   * @param warmUp forwards that rank 0 starts with, at least 0; empty for the schedule's own number
   * @throws IllegalArgumentException if the schedule does not exist for that many micro-batches;
   *     the message says how many would do
   */
  Schedule generate(int ranks, int virtualStages, int microBatches, OptionalInt warmUp);

  /** The schedule with all that can be chosen left as it is usual. */
  default Schedule generate(int ranks, int microBatches) {
    return generate(ranks, usualVirtualStages(), microBatches, OptionalInt.empty());
  }
}
