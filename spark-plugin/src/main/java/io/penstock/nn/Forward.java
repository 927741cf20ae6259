package io.penstock.nn;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * What a layer's forward gives.
 *
 * @param output rows first; read-only
 * @param backward the way back, which holds what it needs of this pass
 */
public record Forward(INDArray output, Backward backward) {}
