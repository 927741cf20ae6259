package io.penstock.nn.network;

import io.penstock.nn.Layer;
import io.penstock.nn.Shape;
import io.penstock.nn.ShapeException;
import io.penstock.nn.Skip;
import io.penstock.nn.layer.AddSaved;
import io.penstock.nn.layer.Chain;
import io.penstock.nn.layer.Dropout;
import io.penstock.nn.layer.Embedding;
import io.penstock.nn.layer.Save;
import io.penstock.nn.layer.TiedDense;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

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

  /**
   * What makes vectors of the input where that is token ids: the first layer that does not just
   * hand them on.
   */
  static Optional<Embedding> embedding(List<Layer> layers) {
    return single(layers)
        .dropWhile(Layer::handsOn)
        .findFirst()
        .filter(Embedding.class::isInstance)
        .map(Embedding.class::cast);
  }

  /**
   * Checks that token ids come to the embedding as they are.
   *
   * @throws ShapeException if dropout would make other ids of them
   */
  static void checkIds(List<Layer> layers) {
    List<Layer> before =
        single(layers).takeWhile(layer -> layer.handsOn() || layer instanceof Dropout).toList();
    Layer behind = single(layers).skip(before.size()).findFirst().orElse(null);
    if (behind instanceof Embedding && embedding(layers).isEmpty()) {
      throw new ShapeException(
          "There is a dropout before "
              + behind
              + ", which would make other token ids of those that come in; put it behind the"
              + " embedding.");
    }
  }

  /** The layers with those of chains in their place. */
  private static Stream<Layer> single(List<Layer> layers) {
    return layers.stream()
        .flatMap(layer -> layer instanceof Chain chain ? single(chain.layers()) : Stream.of(layer));
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
