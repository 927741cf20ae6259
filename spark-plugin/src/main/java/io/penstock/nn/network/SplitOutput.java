package io.penstock.nn.network;

import io.penstock.Amount;
import io.penstock.nn.Columns;
import io.penstock.nn.Layer;
import io.penstock.nn.Sequences;
import io.penstock.nn.loss.BlockCrossEntropy;
import io.penstock.nn.loss.SoftmaxCrossEntropy;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Output projection of a network, its last dense layer, split by columns into layers that a cut may
 * part: see {@link io.penstock.nn.layer.OutputBlock}. Immutable.
 *
 * @param network that ends in the blocks
 * @param first the layer that is the first block
 */
public record SplitOutput(Sequential network, int first) {
  /**
   * Finds the blocks that a network ends in; empty if it ends in none, or not in all of a split.
   */
  public static Optional<SplitOutput> in(Sequential network) {
    List<Layer> layers = network.layers();
    int first = layers.size();
    long missing = Sequences.width(network.output());
    while (first > 0 && missing > 0) {
      Optional<Columns> columns = layers.get(first - 1).columns();
      if (columns.isEmpty() || columns.get().end() != missing) {
        return Optional.empty();
      }
      missing = columns.get().before();
      first--;
    }
    return Optional.of(new SplitOutput(network, first));
  }

  /**
   * Splits a network's last layer.
   *
   * @param network that ends in a dense layer
   * @param blocks how many, as equal as can be; 1 leaves the network as it is
   * @throws IllegalArgumentException if the last layer is another, or has fewer columns
   */
  public static Sequential split(Sequential network, int blocks) {
    return blocks == 1 ? network : blocks(network, blocks);
  }

  /** Splits a network's last layer, also into one block. */
  private static Sequential blocks(Sequential network, int blocks) {
    int last = network.layers().size() - 1;
    long columns = Sequences.width(network.output());
    if (blocks < 1 || blocks > columns) {
      throw new IllegalArgumentException(
          "An output of "
              + new Amount(columns, "column")
              + " cannot be split into "
              + new Amount(blocks, "block")
              + "; give 1 for none, or up to as many as there are columns.");
    }
    List<Layer> layers = new ArrayList<>(network.layers().subList(0, last));
    layers.addAll(
        network
            .layers()
            .get(last)
            .split(blocks)
            .orElseThrow(() -> new IllegalArgumentException(whole(network))));
    return new Sequential(network.input(), layers, network.loss());
  }

  /** Says why a network's output is not split. */
  private static String whole(Sequential network) {
    Layer last = network.layers().get(network.layers().size() - 1);
    String said = "The network's output is to be split, but its last layer is " + last;
    if (last.tiedTo().isPresent()) {
      return said
          + ", whose weights are another layer's and stay whole. End the network with"
          + " dense(vocabulary), which has weights of its own, or leave the split out.";
    }
    return in(network).isPresent()
        ? said + ", for it is split already; leave one of the two out."
        : said
            + "; only a dense layer can be split. End the network with one, or leave the split"
            + " out.";
  }

  /**
   * Returns the form that a network takes in training: where a split output is trained by softmax
   * cross-entropy, its blocks compute that among them, so that no row of all logits is ever there.
   * It has the same layers with the same parameters in the same order. Any other network is its own
   * form in training.
   */
  public static Sequential inTraining(Sequential network) {
    Optional<SplitOutput> split = in(network);
    if (split.isEmpty() || !(network.loss() instanceof SoftmaxCrossEntropy loss)) {
      return network;
    }
    List<Layer> layers = new ArrayList<>(network.layers());
    layers.subList(split.get().first, layers.size()).replaceAll(Layer::inSoftmax);
    int classes = Math.toIntExact(Sequences.width(network.output()));
    return new Sequential(network.input(), layers, new BlockCrossEntropy(loss, classes));
  }

  /**
   * Returns the form in training of a network in so many blocks, also of one: to compare what
   * numbers of them cost.
   *
   * @throws IllegalArgumentException as {@link #split} throws it
   */
  public static Sequential inTraining(Sequential network, int blocks) {
    return inTraining(blocks(network, blocks));
  }

  /** Returns the number of blocks. */
  public int blocks() {
    return network.layers().size() - first;
  }
}
