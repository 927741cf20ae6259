package io.penstock.compute.plain;

import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.BaseActivationFunction;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.transforms.strict.Erf;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * GELU, x Φ(x), with the normal distribution's Φ itself, which ND4J has only approximations of.
 * Stateless.
 */
final class ExactGelu extends BaseActivationFunction {
  private static final long serialVersionUID = 1L;

  @Override
  public INDArray getActivation(INDArray in, boolean training) {
    return in.muli(distribution(in));
  }

  @Override
  public Pair<INDArray, INDArray> backprop(INDArray in, INDArray epsilon) {
    INDArray slope = distribution(in);
    INDArray density = in.mul(in).divi(-2);
    Transforms.exp(density, false).divi(Math.sqrt(2 * Math.PI));
    slope.addi(density.muli(in));
    return new Pair<>(slope.muli(epsilon), null);
  }

  private static INDArray distribution(INDArray in) {
    INDArray scaled = in.div(Math.sqrt(2));
    Nd4j.getExecutioner().exec(new Erf(scaled, scaled));
    return scaled.addi(1).divi(2);
  }

  @Override
  public String toString() {
    return "gelu";
  }
}
