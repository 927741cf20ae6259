package io.penstock.nn.network;

import io.penstock.Internal;
import io.penstock.nn.Layer;
import java.util.List;

/**
 * List of where to look for numbers that are NaN or infinite: in a forward pass for those that the
 * next layer may hide, and in a backward pass for gradients that the layer before may: see {@link
 * Layer#hidesNotFinite} and {@link Layer#hidesGradients}. Immutable.
 */
@Internal
public final class HiddenNumbers {
  private final int first;

  /** Whether each layer's output goes to one that may hide numbers, counted from the first. */
  private final boolean[] before;

  /** Whether each layer may hide the gradient of its output, counted from the first. */
  private final boolean[] behind;

  /**
   * The places among layers {@code first} (inclusive) to {@code end} (exclusive) of the network.
   */
  public HiddenNumbers(Sequential network, int first, int end) {
    this.first = first;
    before = new boolean[end - first];
    behind = new boolean[end - first];
    List<Layer> layers = network.layers();
    for (int layer = first; layer < end; layer++) {
      before[layer - first] = layer + 1 < end && layers.get(layer + 1).hidesNotFinite();
      // The network's input has no gradient, in which it would show.
      boolean last = layer == 0 && network.parameterCount(layer) == 0;
      behind[layer - first] = last || layers.get(layer).hidesGradients();
    }
  }

  /** Returns whether this layer's output goes on to one that may hide such numbers in it. */
  public boolean mayBeIn(int layer) {
    return before[layer - first];
  }

  /** Returns whether this layer may hide such numbers in the gradient of its output. */
  public boolean mayBeBehind(int layer) {
    return behind[layer - first];
  }
}
