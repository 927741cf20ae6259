package io.penstock.dl4j;

import io.penstock.nn.Layer;
import java.util.Set;

/** Writes one kind of Penstock's layers. Immutable. */
interface LayerWriter {
  /** Penstock's classes. */
  Set<Class<? extends Layer>> writes();

  /**
   * Adds the counterpart of a layer.
   *
   * @throws UnsupportedLayerException if it has none
   */
  void write(Target target, Writing writing);
}
