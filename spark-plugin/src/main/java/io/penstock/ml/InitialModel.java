package io.penstock.ml;

import io.penstock.Amount;
import io.penstock.checkpoint.NetworkWeights;
import io.penstock.nn.network.Sequential;
import io.penstock.nn.network.SplitOutput;
import io.penstock.nn.network.WeightCompatibility;
import java.util.OptionalInt;

/** A model whose weights training begins with. */
record InitialModel(PipelineParallelModel<?> model) {
  /**
   * Checks that it has the layers of the network that is to be trained: see {@link
   * WeightCompatibility}.
   *
   * @throws IllegalArgumentException naming the first layer that differs
   */
  void check(Sequential network) {
    Sequential before = model.describe();
    if (!before.input().equals(network.input())) {
      throw differs(
          "takes rows of shape " + before.input() + ", the network rows of " + network.input());
    }
    int blocks = blocks(before);
    if (blocks != blocks(network)) {
      throw differs(
          "has its output in "
              + new Amount(blocks, "block")
              + ", the network in "
              + blocks(network)
              + " (outputBlocks "
              + blocks
              + " would do)");
    }
    OptionalInt first = WeightCompatibility.firstDifference(before, network);
    if (first.isPresent()) {
      throw differs(
          "has as layer "
              + first.getAsInt()
              + " "
              + named(before, first.getAsInt())
              + ", the network "
              + named(network, first.getAsInt()));
    }
  }

  private static int blocks(Sequential network) {
    return SplitOutput.in(network).map(SplitOutput::blocks).orElse(1);
  }

  private static String named(Sequential network, int layer) {
    return layer < network.layers().size() ? network.layers().get(layer).toString() : "none";
  }

  private IllegalArgumentException differs(String how) {
    return new IllegalArgumentException(
        "The initialModel "
            + model.uid()
            + " "
            + how
            + ". Begin with a model of the same network, or leave initialModel out.");
  }

  /** Returns its weights. */
  NetworkWeights weights() {
    return model.fittedNetwork().scorer().weights();
  }
}
