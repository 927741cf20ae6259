package io.penstock.nn;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What joins layers of a network besides their order. */
final class Wiring {
  private Wiring() {}

  /**
   * The skip connections, in ascending order of the layers that add.
   *
   * @param shapes the shape before each layer, and after the last
   * @throws ShapeException if an end has no other end, or the two differ in shape
   */
  static List<Skip> skips(List<Layer> layers, List<Shape> shapes) {
    Map<String, Integer> saved = new HashMap<>();
    Set<String> added = new HashSet<>();
    List<Skip> skips = new ArrayList<>();
    for (int i = 0; i < layers.size(); i++) {
      if (layers.get(i) instanceof Save save && saved.put(save.name(), i) != null) {
        throw new ShapeException(
            "Layer " + i + " saves '" + save.name() + "' again; give it a name of its own.");
      }
      if (layers.get(i) instanceof AddSaved add) {
        skips.add(skip(add.name(), i, saved, shapes));
        added.add(add.name());
      }
    }
    saved.forEach(
        (name, layer) -> {
          if (!added.contains(name)) {
            throw new ShapeException(
                "Layer "
                    + layer
                    + " saves '"
                    + name
                    + "', which no layer adds; add it with .addSaved(\""
                    + name
                    + "\") or leave the save out.");
          }
        });
    return List.copyOf(skips);
  }

  private static Skip skip(String name, int to, Map<String, Integer> saved, List<Shape> shapes) {
    Integer from = saved.get(name);
    if (from == null) {
      throw new ShapeException(
          "Layer "
              + to
              + " adds '"
              + name
              + "', but no layer before it saves that; the names saved are "
              + saved.keySet()
              + ".");
    }
    if (!shapes.get(from).equals(shapes.get(to))) {
      throw new ShapeException(
          "Layer "
              + to
              + " adds '"
              + name
              + "' of shape "
              + shapes.get(from)
              + " to rows of shape "
              + shapes.get(to)
              + "; both must have one shape.");
    }
    return new Skip(name, from, to);
  }

  /** What makes vectors of the input where that is token ids. */
  static Optional<Embedding> embedding(List<Layer> layers) {
    Layer first = layers.get(layers.get(0) instanceof Save ? 1 : 0);
    if (first instanceof Composite inner) {
      return embedding(inner.layers());
    }
    return first instanceof Embedding embedding ? Optional.of(embedding) : Optional.empty();
  }

  /** Checks that what layers are tied to is there. */
  static void checkTies(Sequential network) {
    for (int i = 0; i < network.layers().size(); i++) {
      if (network.layers().get(i) instanceof TiedDense tied) {
        if (tied.layer() >= i) {
          throw new ShapeException(
              "Layer " + i + " is tied to layer " + tied.layer() + "; tie it to one before it.");
        }
        try {
          tied.check(network.shape(i), network.parameters(tied.layer()));
        } catch (ShapeException e) {
          throw new ShapeException("Layer " + i + ", " + tied + ": " + e.getMessage());
        }
      }
    }
  }
}
