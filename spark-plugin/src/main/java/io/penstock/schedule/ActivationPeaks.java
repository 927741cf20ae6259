package io.penstock.schedule;

import io.penstock.Internal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntToDoubleFunction;

/**
 * Peak activation memory of each rank: the most that it keeps of its forwards at a time. Immutable.
 * A rank does one action after the other, so this follows from its order alone.
 *
 * @param activations for each rank, in units of one stage and micro-batch; where the forward is
 *     done again, its input counts as much, also on disk
 * @param bytes for each rank, in bytes of its stages' activations, without those on disk
 */
@Internal
public record ActivationPeaks(List<Integer> activations, List<Double> bytes) {

  /**
   * Counts.
   *
   * @param whole bytes that a stage keeps of one micro-batch
   * @param input how many of these are its input, which is all that is kept between a forward and
   *     its second time
   */
  public static ActivationPeaks of(
      Schedule schedule, IntToDoubleFunction whole, IntToDoubleFunction input) {
    boolean forwardOnly = schedule.isForwardOnly();
    List<Integer> activations = new ArrayList<>();
    List<Double> bytes = new ArrayList<>();
    for (List<Action> actions : schedule.ranks()) {
      Set<Action> all = new HashSet<>(actions);
      int kept = 0;
      int peak = 0;
      double keptBytes = 0;
      Action written = null; // the last that went to disk, which is there until the next does
      double peakBytes = 0;
      for (Action action : actions) {
        double size = whole.applyAsDouble(action.stage());
        double rest = size - input.applyAsDouble(action.stage());
        switch (action.kind()) {
          case F -> {
            peak = Math.max(peak, ++kept);
            keptBytes += size;
            peakBytes = Math.max(peakBytes, keptBytes);
            if (forwardOnly) {
              kept--;
              keptBytes -= size;
            } else if (all.contains(action.as(ActionKind.R))) {
              keptBytes -= rest;
            }
          }
          case R -> {
            keptBytes += rest;
            peakBytes = Math.max(peakBytes, keptBytes);
          }
          case B, W -> {
            kept--;
            keptBytes -= size;
          }
          case OFFLOAD -> {
            keptBytes -= written == null ? 0 : input.applyAsDouble(written.stage());
            written = action;
          }
          case PREFETCH -> {
            boolean stillThere = action.as(ActionKind.OFFLOAD).equals(written);
            written = stillThere ? null : written;
            keptBytes += stillThere ? 0 : input.applyAsDouble(action.stage());
            peakBytes = Math.max(peakBytes, keptBytes);
          }
          default -> {
            // Nothing comes or goes.
          }
        }
      }
      activations.add(peak);
      bytes.add(peakBytes);
    }
    return new ActivationPeaks(activations, bytes);
  }
}
