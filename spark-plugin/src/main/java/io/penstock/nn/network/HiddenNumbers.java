package io.penstock.nn.network;

import io.penstock.Internal;
import io.penstock.compute.Rows;
import io.penstock.nn.Layer;
import io.penstock.nn.NotFinite;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Check, in a forward pass, for numbers that are NaN or infinite and that the next layer may hide,
 * and in a backward pass for gradients that the layer before may: see {@link Layer#hidesNotFinite}
 * and {@link Layer#hidesGradients}. Immutable.
 */
@Internal
public final class HiddenNumbers {
  private final int first;

  /** Whether each layer's output goes to one that may hide numbers, counted from the first. */
  private final boolean[] before;

  /** Whether each layer may hide the gradient of its output, counted from the first. */
  private final boolean[] behind;

  /** A check of layers {@code first} (inclusive) to {@code end} (exclusive) of the network. */
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

  /** Returns whether this layer's output goes on to one that may hide numbers, and holds such. */
  public boolean in(int layer, INDArray output, Rows rows) {
    return before[layer - first] && NotFinite.in("", output, rows).isPresent();
  }

  /** Returns whether this layer may hide the gradient of its output, which holds such numbers. */
  public boolean behind(int layer, INDArray outputGradient, Rows rows) {
    return behind[layer - first] && NotFinite.in("", outputGradient, rows).isPresent();
  }
}
