package io.penstock.balance;

import io.penstock.Amount;
import io.penstock.schedule.Schedule;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.IntStream;

/**
 * Schedule with the cut into its stages, which may be segments of the stages that a generator made.
 * Immutable.
 *
 * @param schedule the order of the stages' work
 * @param cut which layers lie on which stage
 */
public record CutSchedule(Schedule schedule, Cut cut) {

  /**
   * Checks that every stage has its layers.
   *
   * @throws IllegalArgumentException if there are more or fewer
   */
  public CutSchedule {
    Objects.requireNonNull(schedule, "schedule");
    if (schedule.stages() != cut.stages()) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "schedule %s has %s, the network is cut into %d: %s",
              schedule.name(),
              new Amount(schedule.stages(), "stage"),
              cut.stages(),
              cut.starts()));
    }
  }

  /** Returns the layers whose forward is done again for some micro-batches, ascending. */
  public List<Integer> recomputedLayers() {
    return schedule.recomputedStages().stream()
        .flatMap(stage -> IntStream.range(cut.first(stage), cut.end(stage)).boxed())
        .toList();
  }
}
