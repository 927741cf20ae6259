package io.penstock.dl4j;

import org.deeplearning4j.nn.conf.layers.Layer;

/**
 * A layer that is read.
 *
 * @param index its place in DL4J's network
 * @param layer DL4J's description
 */
record Source(int index, Layer layer) {
  /** Says that there is no counterpart for the layer, or a part of it. */
  UnsupportedLayerException refuse(String why) {
    return new UnsupportedLayerException(this + ": " + why);
  }

  @Override
  public String toString() {
    String name = layer.getLayerName();
    String type = layer.getClass().getSimpleName();
    return "Layer " + index + (name == null ? "" : " '" + name + "'") + " (" + type + ")";
  }
}
