package io.penstock.dl4j;

import io.penstock.nn.Layer;

/**
 * A layer that was read.
 *
 * @param layer Penstock's description
 * @param source the index of DL4J's layer that has its weights
 * @param copy brings them over
 */
record ImportedLayer(Layer layer, int source, WeightCopy copy) {}
