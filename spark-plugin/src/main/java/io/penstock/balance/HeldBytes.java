package io.penstock.balance;

import io.penstock.Internal;
import io.penstock.schedule.LinkCost;
import io.penstock.schedule.Schedule;
import io.penstock.schedule.Simulation;
import io.penstock.schedule.Simulator;
import io.penstock.schedule.StageSizes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Memory that ranks hold at a time, in bytes: the state of their stages, and the activations they
 * keep. Stateless; any thread may call.
 */
@Internal
public final class HeldBytes {
  private HeldBytes() {}

  /**
   * Returns what the rank that needs most holds, in bytes: weights, gradients and optimizer state
   * of its stages, and the most activations that it keeps at a time.
   *
   * @param simulation of the schedule with {@link StageCosts} of the same cut and layers
   */
  public static long most(Simulation simulation, Cut cut, LayerCosts layers) {
    long[] bytes = states(simulation.schedule(), cut, layers);
    long most = 0;
    for (int rank = 0; rank < bytes.length; rank++) {
      most = Math.max(most, bytes[rank] + Math.round(simulation.peakBytes().get(rank)));
    }
    return most;
  }

  /**
   * Returns what the rank that needs most holds, in bytes: see {@link #most(Simulation, Cut,
   * LayerCosts)}. What is held hangs on the order of a rank's actions, not on how long they take.
   */
  public static long of(Schedule schedule, Cut cut, LayerCosts layers) {
    return most(
        Simulator.simulate(schedule, StageCosts.of(cut, layers, LinkCost.FREE)), cut, layers);
  }

  /** Returns for each rank the bytes of weights, gradients and optimizer state of its stages. */
  public static long[] states(Schedule schedule, Cut cut, LayerCosts layers) {
    long[] bytes = new long[schedule.ranks().size()];
    for (int stage = 0; stage < cut.stages(); stage++) {
      bytes[schedule.rankOf(stage)] += layers.stateBytes(cut.first(stage), cut.end(stage));
    }
    return bytes;
  }

  /**
   * Adds up what the layers of each stage of a cut hold and hand on.
   *
   * @param labelled stages that read labels in the forward, and keep them
   * @param labelBytes bytes of a micro-batch's labels
   */
  public static StageSizes sizes(
      Cut cut, LayerCosts layers, Set<Integer> labelled, long labelBytes) {
    int last = cut.stages() - 1;
    List<Long> input = new ArrayList<>();
    List<Long> forward = new ArrayList<>();
    List<Long> backward = new ArrayList<>();
    List<Long> boundary = new ArrayList<>();
    for (int stage = 0; stage <= last; stage++) {
      List<LayerCost> own = layers.layers().subList(cut.first(stage), cut.end(stage));
      long kept = own.stream().mapToLong(LayerCost::keptBytes).sum();
      long gradients = own.stream().mapToLong(LayerCost::gradientBytes).sum();
      long skipped = 0;
      for (SkipCost skip : layers.skips()) {
        if (cut.stageOf(skip.from()) == stage) {
          // Its gradient is added to the layer's own, and comes from elsewhere if it crosses.
          skipped += (cut.stageOf(skip.to()) == stage ? 1 : 2) * skip.bytes();
        }
      }
      input.add(
          layers.bytesInto(cut.first(stage), cut.end(stage))
              + (labelled.contains(stage) ? labelBytes : 0));
      forward.add(kept - gradients);
      backward.add(gradients + skipped + (stage == last ? labelBytes : 0));
      boundary.add(stage == last ? 0 : own.get(own.size() - 1).outputBytes());
    }
    List<StageSizes.SkipSize> skips =
        layers.skips().stream()
            .map(
                skip ->
                    new StageSizes.SkipSize(
                        cut.stageOf(skip.from()), cut.stageOf(skip.to()), skip.bytes()))
            .filter(skip -> skip.from() < skip.to())
            .toList();
    return new StageSizes(input, forward, backward, boundary, skips);
  }
}
