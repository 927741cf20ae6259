package io.penstock.nn;

import java.util.function.UnaryOperator;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Backward pass of a layer without weights. For one thread at a time. */
public record Weightless(UnaryOperator<INDArray> gradient) implements Backward {
  @Override
  public INDArray inputGradient(INDArray outputGradient) {
    return gradient.apply(outputGradient);
  }

  @Override
  public void weightGradient(INDArray outputGradient, Parameters gradients) {}
}
