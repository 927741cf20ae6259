package io.penstock.dl4j;

import io.penstock.nn.Layer;
import io.penstock.nn.Shape;

/**
 * A layer that is written.
 *
 * @param index its place in Penstock's network
 * @param layer Penstock's description
 * @param input the shape of its input rows
 */
record Target(int index, Layer layer, Shape input) {
  /** Says that there is no counterpart for the layer, or a part of it. */
  UnsupportedLayerException refuse(String why) {
    return new UnsupportedLayerException(this + ": " + why);
  }

  @Override
  public String toString() {
    return "Layer " + index + " (" + layer.getClass().getSimpleName() + ")";
  }
}
