package io.penstock.train;

import io.penstock.array.Loan;
import io.penstock.balance.Cut;
import io.penstock.link.Channel;
import io.penstock.link.Tag;
import io.penstock.nn.network.Sequential;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * Exchange of tied weights, which layers share. For the rank's thread. Gradients go to the layer
 * that owns the weights, which adds them in ascending order of the layers, on whichever stages they
 * lie; after the update the new weights go back. A stage waits for them at its next step, not at
 * the end of this one.
 */
final class TiedExchange {
  private record Tie(int index, int layer, int owner, int stage, int ownersStage) {
    boolean crosses() {
      return stage != ownersStage;
    }

    Tag gradient(int step) {
      return new Tag(new Channel.TiedGradient(index), step, 0);
    }

    Tag weights(int step) {
      return new Tag(new Channel.TiedWeights(index), step, 0);
    }
  }

  private final Exchange exchange;
  private final Map<Integer, Stage> stages;
  private final List<Tie> ties;
  private final IntPredicate sums;

  /** Step whose updated weights were given and are not taken yet; -1 for none. */
  private int given = -1;

  /**
   * @param stages of this rank
   * @param sums whether this rank's replica updates a layer, and so has to have its gradient
   */
  TiedExchange(
      Exchange exchange,
      Cut cut,
      Sequential network,
      Map<Integer, Stage> stages,
      IntPredicate sums) {
    this.sums = sums;
    this.exchange = exchange;
    this.stages = stages;
    this.ties = ties(cut, network);
  }

  private static List<Tie> ties(Cut cut, Sequential network) {
    List<Tie> ties = new ArrayList<>();
    for (int layer = 0; layer < network.layers().size(); layer++) {
      int owner = network.owner(layer);
      if (owner != layer) {
        ties.add(new Tie(ties.size(), layer, owner, cut.stageOf(layer), cut.stageOf(owner)));
      }
    }
    return ties;
  }

  /** Lists the frames of this exchange. */
  static void list(FrameList frames) {
    for (Tie tie : ties(frames.cut(), frames.network())) {
      long count = frames.network().parameterCount(tie.owner);
      int from = frames.rankOf(tie.stage);
      int owners = frames.rankOf(tie.ownersStage);
      frames.of(tie.gradient(0), from, owners, DataType.FLOAT, count);
      frames.of(tie.weights(0), owners, from, DataType.FLOAT, count);
    }
  }

  /**
   * Does a stage's part of the sums of gradients before an update: sends those of weights that
   * another stage owns, and adds to those that this one owns the gradients of all that share them.
   */
  void sumGradients(int stage, int step) throws InterruptedException {
    for (Tie tie : ties) {
      if (tie.crosses() && tie.stage == stage && sums.test(tie.owner)) {
        exchange.copyTo(
            tie.ownersStage,
            tie.gradient(step),
            stages.get(tie.stage).weights().gradients(tie.layer).flat());
      }
    }
    for (Tie tie : ties) {
      if (tie.ownersStage == stage && sums.test(tie.owner)) {
        StageWeights owners = stages.get(tie.ownersStage).weights();
        if (tie.crosses()) {
          try (Loan gradient = exchange.take(tie.gradient(step))) {
            owners.addGradient(tie.owner, gradient.array());
          }
        } else {
          owners.addGradient(tie.owner, owners.gradients(tie.layer).flat());
        }
      }
    }
  }

  /** Takes note that the updated weights of a step were given, on whichever ranks. */
  void given(int step) {
    given = step;
  }

  /**
   * Sends, after an update whose weights will be used, a stage's weights to the layers that share
   * them.
   */
  void giveWeights(int stage, int step) {
    for (Tie tie : ties) {
      if (tie.crosses() && tie.ownersStage == stage) {
        exchange.copyTo(
            tie.stage,
            tie.weights(step),
            stages.get(tie.ownersStage).weights().of(tie.owner).flat());
      }
    }
  }

  /** Takes, before weights are used, those of the last update, if they were given. */
  void takeWeights() throws InterruptedException {
    if (given < 0) {
      return;
    }
    for (Tie tie : ties) {
      if (tie.crosses() && exchange.isHere(tie.stage)) {
        try (Loan weights = exchange.take(tie.weights(given))) {
          stages.get(tie.stage).weights().replace(tie.owner, weights.array());
        }
      }
    }
    given = -1;
  }
}
