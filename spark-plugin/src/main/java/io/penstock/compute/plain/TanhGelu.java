package io.penstock.compute.plain;

import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.BaseActivationFunction;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * GELU's approximation by tanh, x (1 + tanh(a (x + b x³))) / 2, composed, for ND4J's own operation
 * computes something else. Stateless.
 */
final class TanhGelu extends BaseActivationFunction {
  private static final long serialVersionUID = 1L;
  private static final double A = Math.sqrt(2 / Math.PI);
  private static final double B = 0.044715;

  @Override
  public INDArray getActivation(INDArray in, boolean training) {
    return in.muli(tanh(in).addi(1).divi(2));
  }

  @Override
  public Pair<INDArray, INDArray> backprop(INDArray in, INDArray epsilon) {
    INDArray tanh = tanh(in);
    INDArray inner = in.mul(in).muli(3 * B).addi(1).muli(A);
    INDArray bend = tanh.mul(tanh).rsubi(1).muli(inner).muli(in);
    return new Pair<>(tanh.addi(1).addi(bend).divi(2).muli(epsilon), null);
  }

  private static INDArray tanh(INDArray in) {
    INDArray inner = in.mul(in).muli(B).addi(1).muli(in).muli(A);
    return Transforms.tanh(inner, false);
  }

  @Override
  public String toString() {
    return "gelu_tanh";
  }
}
