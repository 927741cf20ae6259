package io.penstock.train;

import io.penstock.schedule.Schedule;
import io.penstock.schedule.ScheduleRequest;
import io.penstock.schedule.generate.Schedules;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Every schedule that something is learnt by, on numbers of ranks and of stages on each. */
final class EverySchedule {
  private EverySchedule() {}

  /** Returns those that there are. */
  static Stream<Schedule> of(int mostRanks, int mostVirtualStages, int microBatches) {
    return Schedules.trainingIds().stream()
        .flatMap(
            id ->
                IntStream.rangeClosed(1, mostRanks)
                    .mapToObj(ranks -> ScheduleRequest.of(id, ranks, microBatches)))
        .flatMap(
            request ->
                IntStream.rangeClosed(1, mostVirtualStages).mapToObj(request::withVirtualStages))
        .flatMap(request -> generate(request).stream());
  }

  private static Optional<Schedule> generate(ScheduleRequest request) {
    try {
      return Optional.of(Schedules.generate(request));
    } catch (IllegalArgumentException refused) {
      return Optional.empty();
    }
  }
}
