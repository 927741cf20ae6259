package io.penstock.dl4j;

import java.util.Set;

/** Reads one kind of DL4J's layers. Immutable. */
interface LayerReader {
  /** DL4J's classes, exactly: what extends one of them means something else. */
  Set<Class<?>> reads();

  /**
   * Adds the counterpart of a layer.
   *
   * @throws UnsupportedLayerException if it has none
   */
  void read(Source source, Reading reading);
}
