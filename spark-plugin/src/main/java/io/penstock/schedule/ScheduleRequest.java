package io.penstock.schedule;

import io.penstock.Amount;
import io.penstock.schedule.generate.Schedules;
import java.util.Locale;
import java.util.Objects;
import java.util.OptionalInt;

/**
 * Request for a schedule: its name, and the numbers of ranks, micro-batches, stages on a rank and
 * warm-up forwards. Immutable.
 *
 * @param id one of {@link Schedules#ids()}, or the name of a file that ends with {@code .csv}
 * @param ranks executors in the pipeline, at least 1
 * @param microBatches micro-batches of a mini-batch, at least 1; fewer than ranks is legal, if
 *     wasteful
 * @param virtualStages stages on each rank, at least 1; empty for the schedule's own number
 * @param warmUp forwards that rank 0 does before it turns to a forward and a backward in turns, at
 *     least 0, where the schedule lets one choose; empty for the schedule's own number
 */
public record ScheduleRequest(
    String id, int ranks, int microBatches, OptionalInt virtualStages, OptionalInt warmUp) {

  /**
   * Checks the numbers.
   *
   * @throws IllegalArgumentException if one is too small
   */
  public ScheduleRequest {
    Objects.requireNonNull(id, "id");
    if (ranks < 1 || microBatches < 1 || virtualStages.orElse(1) < 1) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "schedule %s on %s of %s with %s: it takes at least one of" + " each",
              id,
              new Amount(ranks, "rank"),
              new Amount(virtualStages.orElse(1), "stage"),
              new Amount(microBatches, "micro-batch")));
    }
    if (warmUp.orElse(0) < 0) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "schedule %s with a warm-up of %s: it cannot be negative",
              id,
              new Amount(warmUp.getAsInt(), "forward")));
    }
  }

  /** A request that leaves all else to the schedule. */
  public static ScheduleRequest of(String id, int ranks, int microBatches) {
    return new ScheduleRequest(id, ranks, microBatches, OptionalInt.empty(), OptionalInt.empty());
  }

  /** Returns this request with a number of virtual stages: stages on each rank. */
  public ScheduleRequest withVirtualStages(int stages) {
    return new ScheduleRequest(id, ranks, microBatches, OptionalInt.of(stages), warmUp);
  }

  /** Returns this request with a warm-up: the forwards that rank 0 starts with. */
  public ScheduleRequest withWarmUp(int forwards) {
    return new ScheduleRequest(id, ranks, microBatches, virtualStages, OptionalInt.of(forwards));
  }
}
