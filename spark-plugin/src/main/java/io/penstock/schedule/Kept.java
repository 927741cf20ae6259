package io.penstock.schedule;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntToDoubleFunction;

/**
 * The most that each rank keeps of its forwards at a time. A rank does one action after the other,
 * so this follows from its order alone.
 *
 * @param activations for each rank, in units of one stage and micro-batch
 * @param bytes for each rank, in bytes of its stages' activations
 */
record Kept(List<Integer> activations, List<Double> bytes) {

  static Kept of(Schedule schedule, IntToDoubleFunction bytesOfStage) {
    boolean forwardOnly = schedule.isForwardOnly();
    List<Integer> activations = new ArrayList<>();
    List<Double> bytes = new ArrayList<>();
    for (List<Action> actions : schedule.ranks()) {
      int kept = 0;
      int peak = 0;
      double keptBytes = 0;
      double peakBytes = 0;
      for (Action action : actions) {
        double size = bytesOfStage.applyAsDouble(action.stage());
        boolean forward = action.kind() == Kind.F;
        if (forward) {
          peak = Math.max(peak, ++kept);
          keptBytes += size;
          peakBytes = Math.max(peakBytes, keptBytes);
        }
        if (drops(action.kind()) || forward && forwardOnly) {
          kept--;
          keptBytes -= size;
        }
      }
      activations.add(peak);
      bytes.add(peakBytes);
    }
    return new Kept(activations, bytes);
  }

  private static boolean drops(Kind kind) {
    return kind == Kind.B || kind == Kind.W;
  }
}
