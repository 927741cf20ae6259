package io.penstock.balance;

import io.penstock.Amount;
import io.penstock.schedule.Schedule;
import io.penstock.schedule.ScheduleRequest;
import io.penstock.schedule.generate.Schedules;
import java.util.List;
import java.util.Locale;

/**
 * Candidate for a plan: a schedule with its cut and the prediction by simulation. Immutable.
 *
 * @param request of its schedule, to make it again, as it was before any search
 * @param schedule its compute actions, weight gradients in ascending order as they are run
 * @param cut which layers each stage has; stages may be segments of the request's
 * @param prediction step time, bubble and memory by simulation
 * @param executors by rank, the number of the executor in the profile that it is for; empty for
 *     any, where all compute alike
 */
public record Candidate(
    ScheduleRequest request,
    Schedule schedule,
    Cut cut,
    Prediction prediction,
    List<Integer> executors) {
  /** Copies the list. */
  public Candidate {
    executors = List.copyOf(executors);
  }

  /** Returns this candidate with another prediction. */
  Candidate predicting(Prediction other) {
    return new Candidate(request, schedule, cut, other, executors);
  }

  /** Returns the simulated time from step to step: see {@link Prediction}. */
  public double seconds() {
    return prediction.seconds();
  }

  /** Returns the share of that time in which ranks wait, the update aside, from 0 to 1. */
  public double bubble() {
    return prediction.bubble();
  }

  /** Returns the bytes that the rank that needs most has to hold. */
  public long bytes() {
    return prediction.bytes();
  }

  /** Returns the number of stages on each rank, whatever segments they are divided into. */
  public int virtualStages() {
    return Schedules.generate(request).stages() / request.ranks();
  }

  /** Returns how many layers' forwards are done again. */
  public int recomputedLayers() {
    return new CutSchedule(schedule, cut).recomputedLayers().size();
  }

  /**
   * Returns the plan in words: schedule, stages, micro-batches, warm-up and how many layers are
   * done again.
   */
  @Override
  public String toString() {
    int again = recomputedLayers();
    return String.format(
        Locale.ROOT,
        "%s, %s, %s a rank%s%s",
        schedule.name(),
        new Amount(request.microBatches(), "micro-batch"),
        new Amount(virtualStages(), "stage"),
        request.warmUp().isPresent() ? ", warm-up " + request.warmUp().getAsInt() : "",
        again == 0
            ? ""
            : String.format(
                Locale.ROOT, ", %d of %s recomputed", again, new Amount(cut.layers(), "layer")));
  }
}
