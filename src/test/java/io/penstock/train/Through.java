package io.penstock.train;

import io.penstock.compute.Memory;
import io.penstock.nn.Backward;
import io.penstock.nn.Forward;
import io.penstock.nn.Layer;
import io.penstock.nn.Parameters;
import io.penstock.nn.Pass;
import io.penstock.nn.Shape;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A layer that learns nothing and does to its arrays what a test wants.
 *
 * @param output of its input
 * @param inputGradient of its output gradient
 */
record Through(Work output, Work inputGradient) implements Layer {
  /** What is made of an array, with more arrays from there. */
  interface Work {
    INDArray of(INDArray array, Memory memory);
  }

  @Override
  public Shape outputShape(Shape input) {
    return input;
  }

  @Override
  public long flops(Shape input) {
    return 0;
  }

  @Override
  public Forward forward(INDArray input, Parameters parameters, Pass pass) {
    return new Forward(
        output.of(input, pass.memory()),
        new Backward() {
          @Override
          public INDArray inputGradient(INDArray outputGradient) {
            return inputGradient.of(outputGradient, pass.memory());
          }

          @Override
          public void weightGradient(INDArray outputGradient, Parameters gradients) {}
        });
  }
}
