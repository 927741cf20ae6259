package io.penstock.nn.network;

import io.penstock.nn.Layer;
import io.penstock.nn.ParameterSpec;
import io.penstock.nn.Shape;
import io.penstock.nn.ShapeException;
import io.penstock.nn.Skip;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;

/** Skip connections, tied weights and token ids, checked across a network's layers. Stateless. */
final class SkipsAndTies {
  private SkipsAndTies() {}

  /**
   * Finds the skip connections, in ascending order of the layers that add.
   *
   * @param shapes the shape before each layer, and after the last
   * @throws ShapeException if an end has no other end, or the two differ in shape
   */
  static List<Skip> skips(List<Layer> layers, List<Shape> shapes) {
    Map<String, Integer> saved = new HashMap<>();
    Set<String> added = new HashSet<>();
    List<Skip> skips = new ArrayList<>();
    for (int i = 0; i < layers.size(); i++) {
      Optional<String> adds = layers.get(i).adds();
      if (adds.isPresent()) {
        skips.add(skip(adds.get(), i, saved, shapes));
        added.add(adds.get());
      }
      Optional<String> saves = layers.get(i).saves();
      if (saves.isPresent() && saved.put(saves.get(), i) != null) {
        throw new ShapeException(
            "Layer " + i + " saves '" + saves.get() + "' again; give it a name of its own.");
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
    if (!shapes.get(from + 1).equals(shapes.get(to + 1))) {
      throw new ShapeException(
          "Layer "
              + to
              + " adds '"
              + name
              + "' of shape "
              + shapes.get(from + 1)
              + " to rows of shape "
              + shapes.get(to + 1)
              + "; both must have one shape.");
    }
    return new Skip(name, from, to);
  }

  /**
   * Returns the size of the vocabulary where the input is token ids: the first layer says so that
   * does not just hand them on.
   */
  static Optional<Long> vocabulary(List<Layer> layers) {
    return inLine(layers).dropWhile(Layer::handsOn).findFirst().flatMap(Layer::tokenIds);
  }

  /**
   * Checks that token ids come as they are to the layer that takes them.
   *
   * @throws ShapeException if one would make other ids of them in training
   */
  static void checkIds(List<Layer> layers) {
    List<Layer> before = inLine(layers).takeWhile(Layer::handsOnPredicting).toList();
    Optional<Layer> changing = before.stream().filter(layer -> !layer.handsOn()).findFirst();
    Optional<Layer> behind = inLine(layers).skip(before.size()).findFirst();
    if (changing.isPresent() && behind.flatMap(Layer::tokenIds).isPresent()) {
      throw new ShapeException(
          "There is "
              + changing.get()
              + " before "
              + behind.get()
              + ", which in training would make other token ids of those that come in; put it"
              + " behind the embedding.");
    }
  }

  /** Returns the layers with those of chains in their place. */
  private static Stream<Layer> inLine(List<Layer> layers) {
    return layers.stream().flatMap(Layer::inLine);
  }

  /** Checks that what layers are tied to is there, and fits. */
  static void checkTies(Sequential network) {
    for (int i = 0; i < network.layers().size(); i++) {
      OptionalInt owner = network.layers().get(i).tiedTo();
      if (owner.isPresent()) {
        checkTie(network, i, owner.getAsInt());
      }
    }
  }

  private static void checkTie(Sequential network, int index, int owner) {
    Layer layer = network.layers().get(index);
    if (owner < 0 || owner >= index) {
      throw new ShapeException(
          "Layer " + index + " is tied to layer " + owner + "; tie it to one before it.");
    }
    if (!network.parameters(index).isEmpty()) {
      throw new ShapeException(
          "Layer "
              + index
              + ", "
              + layer
              + ": It learns "
              + network.parameters(index).stream().map(ParameterSpec::name).toList()
              + " and is tied to layer "
              + owner
              + " too, whose weights it would use in their place; let it do one of both.");
    }
    OptionalInt further = network.layers().get(owner).tiedTo();
    if (further.isPresent()) {
      throw new ShapeException(
          "Layer "
              + index
              + " is tied to layer "
              + owner
              + ", which has no weights of its own, for it is tied too; tie it to layer "
              + further.getAsInt()
              + ".");
    }
    try {
      layer.checkOwner(network.shape(index), network.parameters(owner));
    } catch (ShapeException e) {
      throw new ShapeException("Layer " + index + ", " + layer + ": " + e.getMessage());
    }
  }
}
