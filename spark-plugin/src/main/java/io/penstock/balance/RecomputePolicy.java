package io.penstock.balance;

import io.penstock.Amount;
import io.penstock.Bytes;
import io.penstock.schedule.LinkCost;
import io.penstock.schedule.Offloading;
import io.penstock.schedule.Recomputation;
import io.penstock.schedule.Schedule;
import io.penstock.schedule.Simulator;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Policy of activation checkpointing: which layers' forwards are done a second time, so that their
 * activations need not be kept until the backward. By whole stages, or by {@linkplain
 * io.penstock.schedule.Segmentation segments} of them.
 */
public enum RecomputePolicy {
  /** All activations are kept: no recomputation. */
  NEVER(Recomputation.NEVER),
  /** No activations are kept but every stage's input: every forward is done again. */
  ALWAYS(Recomputation.ALWAYS),
  /** Activations of the last micro-batch only are kept. */
  EXCEPT_LAST(Recomputation.EXCEPT_LAST),
  /**
   * Inputs of √n segments of every stage of n layers are kept, and one segment after the other is
   * done again (Chen et al. 2016, arXiv 1604.06174, section 4.2).
   */
  SQRT(null),
  /** Segments are chosen that spend the least time again and fit in memory; none where all fits. */
  AUTO(null);

  private final Recomputation ofStages;

  RecomputePolicy(Recomputation ofStages) {
    this.ofStages = ofStages;
  }

  /**
   * Returns the value of this name, in either case, with or without the underscore.
   *
   * @throws IllegalArgumentException if there is none; the message lists the names
   */
  public static RecomputePolicy named(String name) {
    return Arrays.stream(values())
        .filter(one -> one.name().replace("_", "").equalsIgnoreCase(name.replace("_", "")))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    String.format(
                        Locale.ROOT, "Unknown recomputation '%s'; use one of %s.", name, ids())));
  }

  /** Returns the names of all, as settings. */
  public static List<String> ids() {
    return Arrays.stream(values()).map(RecomputePolicy::id).toList();
  }

  /** Returns its name as a setting, such as {@code exceptLast}. */
  public String id() {
    return isByLayer() ? name().toLowerCase(Locale.ROOT) : ofStages.id();
  }

  /** Returns whether it divides stages, by what their layers take and keep. */
  public boolean isByLayer() {
    return ofStages == null;
  }

  /** Adds second forwards of whole stages to a schedule; a policy by layer adds none here. */
  public Schedule ofStages(Schedule schedule) {
    return isByLayer() ? schedule : ofStages.in(schedule);
  }

  /**
   * Cuts a network into the stages of a schedule, and adds the second forwards.
   *
   * @param schedule of whole stages, weight gradients in ascending order. One with second forwards
   *     of its own gets no others
   * @param costs of the layers, for a micro-batch
   * @param own a cut into whole stages that somebody made by hand; empty for the best one
   * @param memoryLimit bytes that a rank can hold; {@link CutConstraints#UNLIMITED} for no limit
   * @param offload whether what is kept for second forwards goes to disk until then
   * @throws IllegalArgumentException if there are more stages than layers, or nothing fits in
   *     memory; the message says what would do
   */
  public CutSchedule cut(
      Schedule schedule, LayerCosts costs, Optional<Cut> own, long memoryLimit, boolean offload) {
    if (!isByLayer() || schedule.isForwardOnly() || Recomputation.recomputes(schedule)) {
      return offloaded(whole(ofStages(schedule), costs, own, memoryLimit), offload);
    }
    List<Cut> cuts = cuts(schedule, costs, own, memoryLimit);
    return cuts.stream()
        .flatMap(cut -> divided(schedule, cut, costs, memoryLimit, offload).stream())
        .map(one -> offloaded(one, offload))
        .filter(one -> HeldBytes.of(one.schedule(), one.cut(), costs) <= memoryLimit)
        .min(Comparator.comparingDouble(one -> makespan(one, costs)))
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    tooLittle(schedule, cuts, costs, memoryLimit, offload)));
  }

  /** Divides the stages of a cut by a rule, not by memory: {@link #AUTO} keeps all. */
  CutSchedule in(Schedule schedule, Cut cut, LayerCosts costs) {
    return this == SQRT
        ? new Segmenter(schedule, cut, costs, false).squareRoots()
        : new CutSchedule(ofStages(schedule), cut);
  }

  /** Returns the schedule by which a cut is kept within memory, on the safe side or near it. */
  Schedule bounding(Schedule schedule) {
    return this == SQRT ? Recomputation.ALWAYS.in(schedule) : ofStages(schedule);
  }

  private static CutSchedule whole(
      Schedule schedule, LayerCosts costs, Optional<Cut> own, long memoryLimit) {
    CutConstraints constraints = CutConstraints.of(schedule).withMemoryLimit(memoryLimit);
    own.ifPresent(cut -> Partitioner.check(cut, costs, constraints));
    return new CutSchedule(
        schedule, own.orElseGet(() -> Partitioner.partition(costs, constraints)));
  }

  /** Returns the cuts that are worth a look: the quickest, and those that keep within memory. */
  private static List<Cut> cuts(
      Schedule schedule, LayerCosts costs, Optional<Cut> own, long memoryLimit) {
    CutConstraints free = CutConstraints.of(schedule);
    if (own.isPresent()) {
      Partitioner.check(own.get(), costs, free);
      return List.of(own.get());
    }
    List<Cut> cuts = new ArrayList<>();
    cuts.add(Partitioner.partition(costs, free));
    for (Schedule one : List.of(schedule, Recomputation.ALWAYS.in(schedule))) {
      CutConstraints limited = CutConstraints.of(one).withMemoryLimit(memoryLimit);
      Partitioner.find(new CutSearch(new Segments(costs, limited), memoryLimit))
          .ifPresent(cuts::add);
    }
    return cuts.stream().distinct().toList();
  }

  private Optional<CutSchedule> divided(
      Schedule schedule, Cut cut, LayerCosts costs, long memoryLimit, boolean offload) {
    return this == AUTO
        ? new Segmenter(schedule, cut, costs, offload).within(memoryLimit)
        : Optional.of(in(schedule, cut, costs));
  }

  private static CutSchedule offloaded(CutSchedule plan, boolean offload) {
    return offload ? new CutSchedule(Offloading.in(plan.schedule()), plan.cut()) : plan;
  }

  private static double makespan(CutSchedule one, LayerCosts costs) {
    return Simulator.simulate(one.schedule(), StageCosts.of(one.cut(), costs, LinkCost.FREE))
        .makespan();
  }

  private String tooLittle(
      Schedule schedule, List<Cut> cuts, LayerCosts costs, long memoryLimit, boolean offload) {
    CutSchedule least =
        cuts.stream()
            .map(cut -> offloaded(new Segmenter(schedule, cut, costs, offload).least(), offload))
            .min(Comparator.comparingLong(one -> HeldBytes.of(one.schedule(), one.cut(), costs)))
            .orElseThrow();
    return String.format(
        Locale.ROOT,
        "no cut of %s into %s keeps every rank within %s with recompute %s;"
            + " with %d of the layers recomputed, cut at %s, %s would do for weights,"
            + " gradients, updater state and activations (recompute auto). More stages, or fewer"
            + " rows in a micro-batch, need less",
        new Amount(costs.count(), "layer"),
        new Amount(schedule.stages(), "stage"),
        new Bytes(memoryLimit).down(),
        id(),
        least.recomputedLayers().size(),
        least.cut().starts(),
        new Bytes(HeldBytes.of(least.schedule(), least.cut(), costs)).up());
  }
}
