package io.penstock.nn;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Result of a layer's forward pass: the output, and the backward pass to come. For one thread at a
 * time.
 *
 * @param output {@code [rows, dims...]}
 * @param backward the backward pass; it holds the activations that it needs
 */
public record Forward(INDArray output, Backward backward) {}
