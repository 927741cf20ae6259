package io.penstock.nn.network;

import io.penstock.Internal;
import io.penstock.compute.Rows;
import io.penstock.nn.Layer;
import io.penstock.nn.NotFinite;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Check, in a forward pass, for numbers that are NaN or infinite and that the next layer may hide:
 * see {@link Layer#hidesNotFinite}. Immutable.
 */
@Internal
public final class HiddenNumbers {
  private final int first;

  /** Whether each layer's output goes to one that may hide numbers, counted from the first. */
  private final boolean[] before;

  /** A check of layers {@code first} (inclusive) to {@code end} (exclusive) of the network. */
  public HiddenNumbers(Sequential network, int first, int end) {
    this.first = first;
    before = new boolean[end - first];
    List<Layer> layers = network.layers();
    for (int layer = first; layer + 1 < end; layer++) {
      before[layer - first] = layers.get(layer + 1).hidesNotFinite();
    }
  }

  /** Returns whether this layer's output goes on to one that may hide numbers, and holds such. */
  public boolean in(int layer, INDArray output, Rows rows) {
    return before[layer - first] && NotFinite.in("", output, rows).isPresent();
  }
}
