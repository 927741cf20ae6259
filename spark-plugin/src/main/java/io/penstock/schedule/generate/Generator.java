package io.penstock.schedule.generate;

import io.penstock.Internal;
import io.penstock.schedule.Action;
import io.penstock.schedule.Schedule;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * Generator of a schedule: a pure function of the size of a pipeline. Stateless; any thread may
 * call.
 */
@Internal
public interface Generator {
  /** Returns the name that a schedule is chosen by, such as {@code 1f1b}. */
  String id();

  /** Returns how many stages a rank can hold under this schedule. */
  default VirtualStages virtualStages() {
    return VirtualStages.exactly(1);
  }

  /** Returns whether the warm-up, the number of forwards that rank 0 starts with, can be chosen. */
  default boolean hasWarmUp() {
    return false;
  }

  /** Returns whether there are backwards: whether the schedule is one for training. */
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

  /** Returns this schedule, made rank by rank. */
  default Schedule of(int ranks, int stages, int microBatches, IntFunction<List<Action>> rank) {
    return new Schedule(
        id(), stages, microBatches, IntStream.range(0, ranks).mapToObj(rank).toList());
  }

  /** Returns the schedule with its usual number of stages on a rank and its usual warm-up. */
  default Schedule generate(int ranks, int microBatches) {
    return generate(ranks, virtualStages().usual(), microBatches, OptionalInt.empty());
  }
}
