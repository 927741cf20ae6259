package io.penstock.schedule.generate;

import io.penstock.Internal;
import io.penstock.schedule.Action;
import io.penstock.schedule.Schedule;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/** A pure function from the size of a pipeline to its schedule. Stateless. */
@Internal
public interface Generator {
  /** The name people choose it by. */
  String id();

  /** How many stages a rank can hold under this schedule. */
  default VirtualStages virtualStages() {
    return VirtualStages.exactly(1);
  }

  /** Whether the number of forwards at the start can be chosen. */
  default boolean hasWarmUp() {
    return false;
  }

  /** Whether there are backwards, from which something is learnt. */
  default boolean hasBackwards() {
    return true;
  }

  /**
   * Makes the actions of every rank: the compute actions alone, or with their movement.
   *
   * @param ranks at least 1
   * @param virtualStages stages on each rank, as many as {@link #virtualStages} allows
   * @param microBatches at least 1; fewer than ranks is legal, if wasteful
   * @param warmUp forwards that rank 0 starts with, at least 0; empty for the schedule's own number
   * @throws IllegalArgumentException if the schedule does not exist for that many micro-batches;
   *     the message says how many would do
   */
  Schedule generate(int ranks, int virtualStages, int microBatches, OptionalInt warmUp);

  /** This schedule, made rank by rank. */
  default Schedule of(int ranks, int stages, int microBatches, IntFunction<List<Action>> rank) {
    return new Schedule(
        id(), stages, microBatches, IntStream.range(0, ranks).mapToObj(rank).toList());
  }

  /** The schedule with all that can be chosen left as it is usual. */
  default Schedule generate(int ranks, int microBatches) {
    return generate(ranks, virtualStages().usual(), microBatches, OptionalInt.empty());
  }
}
