package io.penstock.nn;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * What a layer's forward pass gives.
 *
 * @param output {@code [rows, dims...]}
 * @param backward the way back; it holds the activations that it needs
 */
public record Forward(INDArray output, Backward backward) {}
