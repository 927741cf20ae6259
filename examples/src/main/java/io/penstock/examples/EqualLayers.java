package io.penstock.examples;

import io.penstock.balance.Cut;
import io.penstock.balance.CutConstraints;
import io.penstock.balance.CutSchedule;
import io.penstock.balance.LayerCost;
import io.penstock.balance.LayerCosts;
import io.penstock.balance.RecomputePolicy;
import io.penstock.schedule.Costs;
import io.penstock.schedule.LinkCost;
import io.penstock.schedule.Recomputation;
import io.penstock.schedule.Schedule;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.DoubleUnaryOperator;
import java.util.function.IntToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Equal layers, spread evenly over a schedule's stages, for plans without a network. Immutable. */
final class EqualLayers {
  /** Parts of a byte in which the planner counts: bytes may be of any unit, and broken. */
  private static final double PARTS = 1 << 20;

  /**
   * Costs of an executor for one micro-batch.
   *
   * @param forward time of all its stages
   * @param input time of the half of a backward that goes on
   * @param weight time of the half of a backward that stays
   * @param activationBytes held
   * @param inputBytes of these, the inputs of its stages
   */
  record OfExecutor(
      double forward, double input, double weight, double activationBytes, double inputBytes) {}

  private final Schedule stages;
  private final OfExecutor of;
  private final double frameBytes;
  private final LinkCost link;
  private final double diskBandwidth;

  /** By stage, how many the executor of it holds. */
  private final List<Integer> held;

  private final Cut whole;

  /**
   * Spreads layers.
   *
   * @param stages schedule of whole stages
   * @param layers of each executor, at least
   * @param of each executor, all its stages together
   * @param frameBytes that go from stage to stage
   * @param link between executors
   * @param diskBandwidth bytes in a unit of time, of each executor
   */
  EqualLayers(
      Schedule stages,
      int layers,
      OfExecutor of,
      double frameBytes,
      LinkCost link,
      double diskBandwidth) {
    this.stages = stages;
    this.of = of;
    this.frameBytes = frameBytes;
    this.link = link;
    this.diskBandwidth = diskBandwidth;
    List<Integer> holders = IntStream.range(0, stages.stages()).mapToObj(stages::rankOf).toList();
    this.held = holders.stream().map(rank -> Collections.frequency(holders, rank)).toList();
    List<Integer> starts = new ArrayList<>();
    int start = 0;
    for (int each : held) {
      starts.add(start);
      start += (layers + each - 1) / each;
    }
    this.whole = new Cut(starts, start);
  }

  /** Returns the share that layers of one stage have of their executor's costs. */
  private double share(int first, int end) {
    int stage = whole.stageOf(first);
    return (double) (end - first) / ((whole.end(stage) - whole.first(stage)) * held.get(stage));
  }

  private double inputOf(int layer) {
    return of.inputBytes / held.get(whole.stageOf(layer));
  }

  private double kept(double share) {
    return share * (of.activationBytes - of.inputBytes);
  }

  /**
   * Divides the stages as a policy wants.
   *
   * @param memory bytes of activations that an executor may keep; infinite if nothing is said
   * @param offload whether what is kept for second forwards goes to disk
   * @throws IllegalArgumentException if the policy chooses by memory and nothing is said, or the
   *     memory does not suffice
   */
  CutSchedule divided(RecomputePolicy policy, double memory, boolean offload) {
    boolean unlimited = memory == Double.POSITIVE_INFINITY;
    if (policy == RecomputePolicy.AUTO && unlimited) {
      throw new IllegalArgumentException(
          "--recompute auto chooses by what an executor may keep: say how many bytes with"
              + " --memory");
    }
    if (!(memory >= 0)) {
      throw new IllegalArgumentException(
          "--memory is " + memory + ": give the bytes, 0 or more, that an executor may keep");
    }
    if (offload && policy == RecomputePolicy.NEVER && !Recomputation.recomputes(stages)) {
      throw new IllegalArgumentException(
          "--offload true sends to disk what is kept for forwards that are done again, and"
              + " --recompute is never: take always, sqrt or auto");
    }
    costs(whole); // says what is wrong with a number
    List<LayerCost> costs =
        IntStream.range(0, whole.layers())
            .mapToObj(
                layer -> {
                  double share = share(layer, layer + 1);
                  return new LayerCost(
                      share * of.forward,
                      share * of.input,
                      share * of.weight,
                      0,
                      (long) Math.ceil(PARTS * kept(share)),
                      (long) Math.ceil(PARTS * inputOf(Math.min(layer + 1, whole.layers() - 1))));
                })
            .toList();
    LayerCosts all = new LayerCosts(costs, (long) Math.ceil(PARTS * inputOf(0)));
    // What rounding up adds must not make the difference.
    long limit =
        unlimited || policy != RecomputePolicy.AUTO
            ? CutConstraints.UNLIMITED
            : (long) (PARTS * memory) + (long) whole.layers() * stages.microBatches();
    try {
      return policy.cut(stages, all, Optional.of(whole), limit, offload);
    } catch (IllegalArgumentException tooLittle) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "--memory is %s, but executors keep more, whatever is done again: about %.1f would"
                  + " do",
              memory,
              enough(policy, all, limit, offload) / PARTS),
          tooLittle);
    }
  }

  /** Returns a limit not far from the least with which there is a plan. */
  private double enough(RecomputePolicy policy, LayerCosts all, double tooLittle, boolean offload) {
    double limit = tooLittle;
    while (true) {
      limit *= 1.02;
      try {
        policy.cut(stages, all, Optional.of(whole), (long) limit, offload);
        return limit;
      } catch (IllegalArgumentException more) {
        continue;
      }
    }
  }

  /** Returns what the stages of a cut cost, which may be segments of whole ones. */
  Costs costs(Cut cut) {
    return new Costs(
            shares(cut, share -> share * of.forward),
            shares(cut, share -> share * of.input),
            shares(cut, share -> share * of.weight),
            each(
                cut,
                stage -> inputOf(cut.first(stage)) + kept(share(cut.first(stage), cut.end(stage)))),
            each(cut, stage -> inputOf(cut.first(stage))),
            Collections.nCopies(cut.stages(), frameBytes),
            link,
            Map.of())
        .withDiskBandwidth(diskBandwidth);
  }

  private List<Double> shares(Cut cut, DoubleUnaryOperator ofShare) {
    return each(cut, stage -> ofShare.applyAsDouble(share(cut.first(stage), cut.end(stage))));
  }

  private static List<Double> each(Cut cut, IntToDoubleFunction value) {
    return IntStream.range(0, cut.stages()).mapToDouble(value).boxed().toList();
  }

  /**
   * Returns a line that says how many layers of each executor are done again; empty if none are.
   */
  String recomputed(CutSchedule plan) {
    List<Integer> again = plan.recomputedLayers();
    if (again.isEmpty()) {
      return "";
    }
    return "layers recomputed by rank: "
        + IntStream.range(0, plan.schedule().ranks().size())
            .mapToObj(rank -> ofRank(plan, again, rank))
            .collect(Collectors.joining(", "))
        + "\n";
  }

  private static String ofRank(CutSchedule plan, List<Integer> again, int rank) {
    List<Integer> own =
        IntStream.range(0, plan.cut().layers())
            .boxed()
            .filter(layer -> plan.schedule().rankOf(plan.cut().stageOf(layer)) == rank)
            .toList();
    long count = own.stream().filter(again::contains).count();
    return String.format(Locale.ROOT, "%d of %d", count, own.size());
  }
}
