package io.penstock.nn.network;

import io.penstock.Internal;
import io.penstock.nn.Layer;
import java.util.List;
import java.util.OptionalInt;

/**
 * Comparison of two networks, by the {@link Layer#weightCompatibility} of each layer, that tells
 * whether weights of the one mean the same in the other. Stateless. How weights begin, the
 * probabilities of dropout and what a custom layer's function does are left out of account; so is
 * the loss.
 */
@Internal
public final class WeightCompatibility {
  private WeightCompatibility() {}

  /**
   * Returns the first layer in which two networks differ; empty if weights of one fit the other.
   */
  public static OptionalInt firstDifference(Sequential one, Sequential other) {
    List<Layer> before = one.layers();
    List<Layer> now = other.layers();
    int both = Math.min(before.size(), now.size());
    for (int layer = 0; layer < both; layer++) {
      if (!one.shape(layer).equals(other.shape(layer))
          || !before
              .get(layer)
              .weightCompatibility()
              .equals(now.get(layer).weightCompatibility())) {
        return OptionalInt.of(layer);
      }
    }
    return before.size() == now.size() ? OptionalInt.empty() : OptionalInt.of(both);
  }
}
