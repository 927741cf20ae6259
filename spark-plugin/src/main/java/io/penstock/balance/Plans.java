package io.penstock.balance;

import io.penstock.schedule.Offloading;
import io.penstock.schedule.Recomputation;
import io.penstock.schedule.Schedule;
import io.penstock.schedule.ScheduleRequest;
import io.penstock.schedule.WeightGradientOrder;
import io.penstock.schedule.WeightGradientsLast;
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
  private final MemorySaving saving;
  private final Map<Integer, LayerCosts> costs = new HashMap<>();
  private final Map<Placement, Cut> quickest = new HashMap<>();

  /**
   * @param executors by rank, the number of the executor in the profile that it is on; empty for
   *     any, where all compute alike
   */
  Plans(Profile rack, List<Integer> executors, int batchSize, MemorySaving saving) {
    this.profile = rack.on(executors);
    this.executors = List.copyOf(executors);
    this.batchSize = batchSize;
    this.saving = saving;
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
   * the quickest that does; and if none does, with one that needs little. Where it is to be chosen
   * what is done again, that is looked at too, before anything else does not fit.
   *
   * @param enough a plan that takes longer is of no interest
   * @return empty if the schedule does not exist for these numbers, or takes longer than enough
   */
  Optional<Candidate> candidate(ScheduleRequest request, double enough) {
    if (bound(request.ranks(), request.microBatches()) > enough) {
      return Optional.empty();
    }
    Schedule schedule = schedule(request).map(this::ordered).orElse(null);
    if (schedule == null || schedule.stages() > profile.oneRow().count()) {
      return Optional.empty();
    }
    LayerCosts layers = costs(request.microBatches());
    CutConstraints constraints = constraints(saving.recomputation().bounding(schedule));
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
    boolean chosen = saving.recomputation() == RecomputePolicy.AUTO;
    RecomputePolicy first = chosen ? RecomputePolicy.NEVER : saving.recomputation();
    Candidate candidate = play(request, first, schedule, cut, layers);
    if (fits(candidate)) {
      return Optional.of(candidate);
    }
    if (!hopeless(constraints, layers)) {
      Cut smaller = smaller(constraints, cut, layers);
      candidate = better(candidate, play(request, first, schedule, smaller, layers));
    }
    return Optional.of(
        chosen ? withSegments(candidate, request, schedule, cut, layers) : candidate);
  }

  private Schedule ordered(Schedule schedule) {
    Schedule ordered = WeightGradientOrder.order(schedule);
    return saving.weightGradientsLast() ? WeightGradientsLast.order(ordered) : ordered;
  }

  private CutConstraints constraints(Schedule schedule) {
    return CutConstraints.of(schedule).withSendCost(0, 1 / profile.link().bandwidth());
  }

  private boolean fits(Candidate candidate) {
    return candidate.bytes() <= profile.memoryLimit();
  }

  /** Returns the quicker of two that fit, or else the one that does, or that needs less. */
  private Candidate better(Candidate one, Candidate other) {
    if (fits(one) && fits(other)) {
      return other.seconds() < one.seconds() ? other : one;
    }
    return other.bytes() < one.bytes() ? other : one;
  }

  /** Returns the quickest cut that fits; one that needs little, if there is none. */
  private Cut smaller(CutConstraints constraints, Cut quickest, LayerCosts layers) {
    Segments limited = new Segments(layers, constraints.withMemoryLimit(profile.memoryLimit()));
    return Partitioner.find(new CutSearch(limited, profile.memoryLimit(), PART_CUTS_KEPT))
        .orElseGet(() -> constraints.shared() ? quickest : leastHungry(limited));
  }

  /**
   * Returns a plan that fits, or does so quicker, for some of its layers are done again: on the
   * quickest cut, or else on one for stages that are done again. If none fits, the one that needs
   * least.
   *
   * @param plain the best one without
   */
  private Candidate withSegments(
      Candidate plain,
      ScheduleRequest request,
      Schedule schedule,
      Cut quickest,
      LayerCosts layers) {
    Candidate best = better(plain, divided(request, schedule, quickest, layers));
    if (fits(best)) {
      return best;
    }
    CutConstraints again = constraints(Recomputation.ALWAYS.in(schedule));
    Cut smaller = smaller(again, quickest, layers);
    return better(best, divided(request, schedule, smaller, layers));
  }

  private Candidate divided(
      ScheduleRequest request, Schedule schedule, Cut cut, LayerCosts layers) {
    Segmenter segments = new Segmenter(schedule, cut, layers, saving.offload());
    CutSchedule found = segments.within(profile.memoryLimit()).orElseGet(segments::least);
    return play(request, found, layers);
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

  private Candidate play(
      ScheduleRequest request,
      RecomputePolicy policy,
      Schedule schedule,
      Cut cut,
      LayerCosts layers) {
    return play(request, policy.in(schedule, cut, layers), layers);
  }

  private Candidate play(ScheduleRequest request, CutSchedule plan, LayerCosts layers) {
    Schedule schedule = saving.offload() ? Offloading.in(plan.schedule()) : plan.schedule();
    Prediction prediction = Prediction.of(profile, layers, schedule, plan.cut());
    return new Candidate(request, schedule, plan.cut(), prediction, executors);
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
