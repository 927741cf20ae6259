package io.penstock.nn;

import java.util.function.UnaryOperator;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The way back through a layer without weights. */
public record Weightless(UnaryOperator<INDArray> gradient) implements Backward {
  @Override
  public INDArray inputGradient(INDArray outputGradient) {
    return gradient.apply(outputGradient);
  }

  @Override
  public void weightGradient(INDArray outputGradient, Parameters gradients) {}
}
