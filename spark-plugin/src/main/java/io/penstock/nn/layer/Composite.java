package io.penstock.nn.layer;

import io.penstock.nn.Layer;
import java.util.List;

/** Layer that is made of others, whose JSON holds theirs. Immutable. */
public interface Composite extends Layer {
  /** Returns the inner layers, first to last. */
  List<Layer> layers();

  @Override
  default Object weightCompatibility() {
    return List.of(getClass(), layers().stream().map(Layer::weightCompatibility).toList());
  }

  @Override
  default boolean computesAnywhere() {
    return layers().stream().allMatch(Layer::computesAnywhere);
  }

  @Override
  default boolean readsPlaces() {
    return layers().stream().anyMatch(Layer::readsPlaces);
  }

  @Override
  default boolean readsLabels() {
    return layers().stream().anyMatch(Layer::readsLabels);
  }
}
