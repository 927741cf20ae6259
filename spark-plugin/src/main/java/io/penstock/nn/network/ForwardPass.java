package io.penstock.nn.network;

import io.penstock.Amount;
import io.penstock.array.Imprint;
import io.penstock.nn.Forward;
import io.penstock.nn.Layer;
import io.penstock.nn.Parameters;
import io.penstock.nn.Pass;
import io.penstock.nn.Skip;
import io.penstock.nn.Watch;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Forward pass of micro-batches through consecutive layers of a network: each layer takes the
 * output of the one before it and, where a skip connection ends, what was saved at its beginning.
 * It holds nothing of a micro-batch, and in a pass makes no object of its own but a {@link Pass} a
 * layer and one more. For any number of threads, if the weights are.
 */
public final class ForwardPass {
  /** The visitor that does nothing. */
  public static final Visitor UNSEEN = (layer, done) -> {};

  /**
   * Observer of each layer's output, before the next one runs, and of what it shows within it.
   * Called on the thread of the pass.
   */
  @FunctionalInterface
  public interface Visitor extends Watch {
    /**
     * Takes note of a layer that is done; what it throws ends the pass.
     *
     * @param layer its index in the whole network
     * @param done its output, and the backward pass
     */
    void done(int layer, Forward done);

    @Override
    default void within(int layer, Object reader, INDArray numbers) {}
  }

  private final Sequential network;
  private final int first;
  private final int end;
  private final IntFunction<Parameters> weights;

  /** Skip connection that ends at each layer, counted from the first; null where none does. */
  private final Skip[] ending;

  /** Skip connections that begin at each layer, counted from the first. */
  private final Skip[][] beginning;

  /**
   * A pass through layers {@code first} (inclusive) to {@code end} (exclusive).
   *
   * @param weights those that a layer uses, by its index in the network
   */
  public ForwardPass(Sequential network, int first, int end, IntFunction<Parameters> weights) {
    this.network = network;
    this.first = first;
    this.end = end;
    this.weights = weights;
    this.ending = new Skip[end - first];
    this.beginning = new Skip[end - first][];
    for (int layer = first; layer < end; layer++) {
      int index = layer;
      ending[layer - first] =
          network.skips().stream().filter(skip -> skip.to() == index).findFirst().orElse(null);
      beginning[layer - first] =
          network.skips().stream().filter(skip -> skip.from() == index).toArray(Skip[]::new);
    }
  }

  /**
   * A pass through all layers.
   *
   * @param parameters the weights of every layer; one tied to another uses that one's
   * @throws IllegalArgumentException if there are not as many as layers
   */
  static ForwardPass whole(Sequential network, List<Parameters> parameters) {
    int count = network.layers().size();
    if (parameters.size() != count) {
      throw new IllegalArgumentException(
          "The network has "
              + new Amount(count, "layer")
              + " but weights came for "
              + parameters.size()
              + "; give one Parameters for each layer, empty ones included.");
    }
    return new ForwardPass(network, 0, count, layer -> parameters.get(network.owner(layer)));
  }

  /**
   * Runs the layers.
   *
   * @param input rows first; that of the network may be flat, as {@link Sequential#shaped} takes it
   * @param saved what earlier layers saved for these; what these save is put there too
   * @param pass whose layer and watch do not matter
   * @param visitor told of every layer, in ascending order
   * @return the last layer's output
   * @throws IllegalArgumentException if something is not there that earlier layers saved for these
   */
  public INDArray run(INDArray input, Map<Skip, INDArray> saved, Pass pass, Visitor visitor) {
    INDArray x = first == 0 ? network.shaped(input) : input;
    Pass watched = pass.watchedBy(visitor);
    for (int layer = first; layer < end; layer++) {
      Skip skip = ending[layer - first];
      Forward done = forward(layer, x, skip == null ? null : added(skip, saved), watched.of(layer));
      visitor.done(layer, done);
      x = done.output();
      for (Skip begun : beginning[layer - first]) {
        saved.put(begun, x);
      }
    }
    return x;
  }

  /**
   * Runs one layer.
   *
   * @param added what was saved for this layer; null if it adds nothing
   */
  private Forward forward(int index, INDArray x, INDArray added, Pass pass) {
    Layer layer = network.layers().get(index);
    Optional<Imprint> before = Imprint.of(x);
    Optional<Imprint> addedBefore = added == null ? Optional.empty() : Imprint.of(added);
    Parameters own = weights.apply(index);
    if (pass.memory().onHost() != pass.memory() && !layer.computesAnywhere()) {
      return new HostLayer(layer).forward(x, added, own, pass);
    }
    Forward done = added == null ? layer.forward(x, own, pass) : layer.forward(x, added, own, pass);
    return before.isEmpty()
        ? done
        : new LayerGuard(index, layer).guarded(before, addedBefore, done);
  }

  private static INDArray added(Skip skip, Map<Skip, INDArray> saved) {
    INDArray added = saved.get(skip);
    if (added == null) {
      throw new IllegalArgumentException(
          "Layer "
              + skip.to()
              + " adds '"
              + skip.name()
              + "', which layer "
              + skip.from()
              + " saves before these layers; give what it saved.");
    }
    return added;
  }
}
