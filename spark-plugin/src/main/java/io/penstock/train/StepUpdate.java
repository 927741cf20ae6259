package io.penstock.train;

import io.penstock.nn.Parameters;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Update of a rank's weights at the end of a mini-batch: gradients of tied weights are summed, bad
 * numbers looked for, gradients clipped by their norm, and every layer takes its step. For the
 * rank's thread.
 *
 * @param context of the rank
 * @param stages of the rank
 * @param ties exchange of shared weights
 * @param skipping of steps with bad numbers
 * @param norm that gradients are clipped by; empty for none
 * @param tally of the loss
 */
record StepUpdate(
    RankContext context,
    NavigableMap<Integer, Stage> stages,
    TiedExchange ties,
    StepSkipping skipping,
    Optional<GradientNorm> norm,
    LossTally tally) {
  /**
   * Updates after the backwards of a step.
   *
   * @param step steps done before this one
   * @param epoch of the step, counted from 0
   * @param used whether the new weights will be used before the run ends
   */
  void after(int step, int epoch, boolean used) throws InterruptedException {
    stages.values().forEach(Stage::endMiniBatch);
    stages.values().forEach(stage -> stage.weights().checkTied(context.watch()));
    ties.sumGradients(step);
    if (skipping.agreed(step, stages)) {
      stages.values().forEach(stage -> stage.weights().clearGradients());
      tally.takeBack();
      return;
    }
    if (norm.isPresent()) {
      Map<Integer, Parameters> gradients = new TreeMap<>();
      stages.values().forEach(stage -> gradients.putAll(stage.weights().ownGradients()));
      norm.get().clip(gradients, step);
    }
    for (Stage stage : stages.descendingMap().values()) {
      stage.weights().update(step, epoch, context.watch().numbers(), context.pool());
    }
    if (used) {
      ties.giveWeights(step);
    }
  }
}
