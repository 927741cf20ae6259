package io.penstock.nn.network;

import io.penstock.nn.Layer;
import io.penstock.nn.layer.Composite;
import io.penstock.nn.layer.Convolution;
import io.penstock.nn.layer.Custom;
import io.penstock.nn.layer.Dense;
import io.penstock.nn.layer.Dropout;
import java.util.List;
import java.util.OptionalInt;

/**
 * Whether weights of one network mean the same in another. How weights begin, the probabilities of
 * dropout and what a custom layer's function does are left out of account; so is the loss.
 */
public final class Likeness {
  private Likeness() {}

  /**
   * Returns the first layer in which two networks differ; empty if weights of one fit the other.
   */
  public static OptionalInt firstDifference(Sequential one, Sequential other) {
    List<Layer> before = one.layers();
    List<Layer> now = other.layers();
    int both = Math.min(before.size(), now.size());
    for (int layer = 0; layer < both; layer++) {
      if (!one.shape(layer).equals(other.shape(layer))
          || !plain(before.get(layer)).equals(plain(now.get(layer)))) {
        return OptionalInt.of(layer);
      }
    }
    return before.size() == now.size() ? OptionalInt.empty() : OptionalInt.of(both);
  }

  /** A layer without what does not matter; not to be used as one. */
  private static Object plain(Layer layer) {
    if (layer instanceof Dense dense) {
      return new Dense(dense.outputs(), dense.bias(), 1);
    }
    if (layer instanceof Convolution filter) {
      return new Convolution(filter.outputs(), filter.window(), filter.bias(), 1);
    }
    if (layer instanceof Dropout) {
      return Dropout.class;
    }
    if (layer instanceof Custom custom) {
      // A function that has travelled equals no other.
      return List.of(
          custom.output(),
          custom.learnt().stream().map(spec -> spec.name() + " " + spec.shape()).toList());
    }
    return layer instanceof Composite composite
        ? List.of(composite.getClass(), composite.layers().stream().map(Likeness::plain).toList())
        : layer;
  }
}
