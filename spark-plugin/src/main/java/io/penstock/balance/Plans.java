package io.penstock.balance;

import io.penstock.schedule.Recomputation;
import io.penstock.schedule.Schedule;
import io.penstock.schedule.ScheduleRequest;
import io.penstock.schedule.WeightGradientOrder;
import io.penstock.schedule.generate.Schedules;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Cuts and simulates plans of one profile and mini-batch. Remembers cuts; for one thread. */
final class Plans {
  /**
   * Part-cuts kept in a search. Where ranks hold several stages and memory is tight, hundreds of
   * plans must be cut in a moment: near the best has to do.
   */
  private static final int PART_CUTS_KEPT = 3;

  private record Placement(int microBatches, List<Integer> ranks) {}

  private final Profile profile;
  private final List<Integer> executors;
  private final int batchSize;
  private final Recomputation recomputation;
  private final Map<Integer, LayerCosts> costs = new HashMap<>();
  private final Map<Placement, Cut> quickest = new HashMap<>();

  /**
   * @param executors by rank, the number of the executor in the profile that it is on; empty for
   *     any, where all compute alike
   */
  Plans(Profile rack, List<Integer> executors, int batchSize, Recomputation recomputation) {
    this.profile = rack.on(executors);
    this.executors = List.copyOf(executors);
    this.batchSize = batchSize;
    this.recomputation = recomputation;
  }

  /** Returns how many stages a schedule has over all ranks; empty if it does not exist. */
  Optional<Integer> stages(ScheduleRequest request) {
    return schedule(request).map(Schedule::stages);
  }

  /** Returns a lower bound of a step's seconds: without a bubble, all ranks equal. */
  double bound(int ranks, int microBatches) {
    return microBatches * costs(microBatches).quickest() / ranks;
  }

  /**
   * Returns a plan with the cut that makes the slowest stage quickest; if that does not fit, with
   * the quickest that does; and if none does, with one that needs little.
   *
   * @param enough a plan that takes longer is of no interest
   * @return empty if the schedule does not exist for these numbers, or takes longer than enough
   */
  Optional<Candidate> candidate(ScheduleRequest request, double enough) {
    if (bound(request.ranks(), request.microBatches()) > enough) {
      return Optional.empty();
    }
    Schedule schedule =
        schedule(request).map(WeightGradientOrder::order).map(recomputation::in).orElse(null);
    if (schedule == null || schedule.stages() > profile.oneRow().count()) {
      return Optional.empty();
    }
    LayerCosts layers = costs(request.microBatches());
    CutConstraints constraints =
        CutConstraints.of(schedule).withSendCost(0, 1 / profile.link().bandwidth());
    Cut cut =
        quickest.computeIfAbsent(
            new Placement(request.microBatches(), constraints.ranks()),
            key ->
                Partitioner.find(
                        new CutSearch(
                            new Segments(layers, constraints),
                            CutConstraints.UNLIMITED,
                            PART_CUTS_KEPT))
                    .orElseThrow());
    Candidate candidate = play(request, schedule, cut, layers);
    if (candidate.bytes() > profile.memoryLimit() && !hopeless(constraints, layers)) {
      Segments limited = new Segments(layers, constraints.withMemoryLimit(profile.memoryLimit()));
      Cut smaller =
          Partitioner.find(new CutSearch(limited, profile.memoryLimit(), PART_CUTS_KEPT))
              .orElseGet(() -> constraints.shared() ? cut : leastHungry(limited));
      Candidate other = play(request, schedule, smaller, layers);
      candidate = other.bytes() < candidate.bytes() ? other : candidate;
    }
    return Optional.of(candidate);
  }

  /**
   * Returns whether stages that share ranks need more than all ranks hold together, however cut.
   */
  private boolean hopeless(CutConstraints constraints, LayerCosts layers) {
    int inFlight = Collections.min(constraints.inFlight());
    double bytes =
        layers.stateBytes(0, layers.count())
            + (double) inFlight * layers.keptBytes(0, layers.count());
    long ranks = constraints.ranks().stream().distinct().count();
    return constraints.shared() && bytes > (double) ranks * profile.memoryLimit();
  }

  /** Returns the cut that needs least memory; quick to find with one stage a rank only. */
  private static Cut leastHungry(Segments segments) {
    long least = Partitioner.leastMemory(segments);
    return new CutSearch(segments, least).best(Double.POSITIVE_INFINITY);
  }

  private Candidate play(ScheduleRequest request, Schedule schedule, Cut cut, LayerCosts layers) {
    return new Candidate(
        request, schedule, cut, Prediction.of(profile, layers, schedule, cut), executors);
  }

  private LayerCosts costs(int microBatches) {
    return costs.computeIfAbsent(microBatches, count -> profile.costs(batchSize, count));
  }

  private static Optional<Schedule> schedule(ScheduleRequest request) {
    try {
      return Optional.of(Schedules.generate(request));
    } catch (IllegalArgumentException e) {
      return Optional.empty(); // Not every schedule exists for all numbers.
    }
  }
}
