package io.penstock.train;

import io.penstock.nn.Parameters;
import io.penstock.schedule.Action;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/**
 * End of a mini-batch on a rank, action by action: gradients are summed over replicas and over tied
 * weights, bad numbers looked for, gradients clipped by their norm, and every layer takes its step.
 * For the rank's thread.
 */
final class StepUpdate {
  private final RankContext context;
  private final NavigableMap<Integer, Stage> stages;
  private final TiedExchange ties;
  private final StepSkipping skipping;
  private final Optional<GradientNorm> norm;
  private final GradientExchange replicas;
  private final LossTally tally;
  private final LossGather losses;
  private final boolean sharded;

  /** Whether a layer is updated as soon as its gradient is complete. */
  private final boolean atOnce;

  private int step;
  private int epoch;
  private boolean used;
  private boolean skipped;

  /**
   * @param context of the rank
   * @param stages of the rank
   * @param ties exchange of shared weights
   * @param skipping of steps with bad numbers
   * @param norm that gradients are clipped by; empty for none
   * @param replicas exchange with the other replicas
   * @param tally of the loss
   */
  StepUpdate(
      RankContext context,
      NavigableMap<Integer, Stage> stages,
      TiedExchange ties,
      StepSkipping skipping,
      Optional<GradientNorm> norm,
      GradientExchange replicas,
      LossTally tally) {
    this.context = context;
    this.stages = stages;
    this.ties = ties;
    this.skipping = skipping;
    this.norm = norm;
    this.replicas = replicas;
    this.tally = tally;
    this.losses = new LossGather(context, tally);
    this.sharded = context.plan().replication().shardsOptimizer();
    this.atOnce = !context.plan().retention().gradients();
  }

  /**
   * Begins a step.
   *
   * @param stepsBefore steps done before this one
   * @param ofEpoch epoch of the step, counted from 0
   * @param usedAfter whether the new weights will be used before the run ends
   */
  void begin(int stepsBefore, int ofEpoch, boolean usedAfter) {
    step = stepsBefore;
    epoch = ofEpoch;
    used = usedAfter;
    skipped = false;
    replicas.begin(stages.values(), step);
  }

  /** Takes note that a layer's gradient of the mini-batch is complete on this rank. */
  void complete(Stage stage, int layer) {
    if (atOnce) {
      stage.weights().update(layer, step, epoch, context.watch().numbers(), context.pool());
    } else {
      replicas.give(stage.weights(), layer, step);
    }
  }

  /** Returns whether layers are told {@link #complete} one by one, for something is done then. */
  boolean awaitsLayers() {
    return atOnce || context.topology().replicas() > 1;
  }

  /**
   * Does an action of the end.
   *
   * @param microBatches of the whole mini-batch
   */
  void run(Action action, int microBatches) throws InterruptedException {
    Stage stage = stages.get(action.stage());
    switch (action.kind()) {
      case REDUCE_SCATTER -> replicas.reduceScatter(stage, step);
      case ALL_GATHER -> {
        if (!sharded) {
          replicas.gatherGradients(stage, step);
        } else if (!skipped) {
          replicas.gatherWeights(stage, step);
        }
      }
      case TIED_GRAD -> {
        stage.weights().checkTied(context.watch());
        ties.sumGradients(action.stage(), step);
      }
      case CHECK -> skipped = skipping.agreed(step, stages);
      case CLIP -> {
        if (!skipped) {
          clip();
        }
      }
      case UPDATE -> update(stage);
      case TIED_WEIGHT -> {
        if (used && !skipped) {
          ties.giveWeights(action.stage(), step);
        }
      }
      case LOSS -> losses.run(step, microBatches);
      default -> throw new IllegalArgumentException(action + " ends no mini-batch");
    }
  }

  private void clip() throws InterruptedException {
    Map<Integer, Parameters> gradients = new TreeMap<>();
    stages.values().forEach(stage -> gradients.putAll(stage.weights().summedGradients()));
    norm.orElseThrow().clip(gradients, step);
  }

  private void update(Stage stage) {
    stage.endMiniBatch();
    if (skipped) {
      stage.weights().clearGradients();
    } else if (!atOnce) {
      stage.weights().update(step, epoch, context.watch().numbers(), context.pool());
    }
  }

  /** Returns the times of the parts of gradients that replicas exchange in the step. */
  PartTimes parts() {
    return replicas.times();
  }

  /** Ends a step, all of whose actions are done. */
  void end() {
    if (skipped) {
      tally.takeBack();
    } else if (used) {
      ties.given(step);
    }
  }
}
