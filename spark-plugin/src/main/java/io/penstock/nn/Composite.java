package io.penstock.nn;

import java.util.List;

/** A layer that is made of others, whose JSON holds theirs. */
interface Composite extends Layer {
  /** The inner layers, first to last. */
  List<Layer> layers();

  @Override
  default boolean readsPlaces() {
    return layers().stream().anyMatch(Layer::readsPlaces);
  }
}
