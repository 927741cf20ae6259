package io.penstock.balance;

import io.penstock.schedule.Schedule;
import io.penstock.schedule.ScheduleRequest;
import java.util.Locale;

/**
 * A plan that was cut and simulated. Immutable.
 *
 * @param request how to make its schedule again
 * @param schedule its compute actions, weight gradients in ascending order as they are run
 * @param cut which layers each stage has
 * @param prediction what it takes by simulation
 */
public record Candidate(
    ScheduleRequest request, Schedule schedule, Cut cut, Prediction prediction) {

  /** Returns the simulated time from step to step: see {@link Prediction}. */
  public double seconds() {
    return prediction.seconds();
  }

  /** Returns the share of that time in which ranks wait, the update aside, from 0 to 1. */
  public double bubble() {
    return prediction.bubble();
  }

  /** Returns what the rank that needs most has to hold. */
  public long bytes() {
    return prediction.bytes();
  }

  /** Returns the number of stages on each rank. */
  public int virtualStages() {
    return cut.stages() / request.ranks();
  }

  /** What it is, in words: schedule, stages, micro-batches and warm-up. */
  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "%s, %d micro-batches, %d stage%s a rank%s",
        request.id(),
        request.microBatches(),
        virtualStages(),
        virtualStages() == 1 ? "" : "s",
        request.warmUp().isPresent() ? ", warm-up " + request.warmUp().getAsInt() : "");
  }
}
