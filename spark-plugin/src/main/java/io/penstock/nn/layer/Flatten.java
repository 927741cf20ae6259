package io.penstock.nn.layer;

import io.penstock.compute.Memory;
import io.penstock.nn.Forward;
import io.penstock.nn.Layer;
import io.penstock.nn.Parameters;
import io.penstock.nn.Pass;
import io.penstock.nn.Shape;
import io.penstock.nn.Weightless;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Flattening of rows of any shape to one dimension, the last dimension running fastest. Immutable.
 */
public record Flatten() implements Layer {
  @Override
  public boolean computesAnywhere() {
    return true;
  }

  @Override
  public Shape outputShape(Shape input) {
    return Shape.of(input.size());
  }

  @Override
  public boolean hidesNotFinite() {
    return false;
  }

  @Override
  public long flops(Shape input) {
    return 0;
  }

  @Override
  public boolean handsOn() {
    return true;
  }

  @Override
  public Forward forward(INDArray input, Parameters parameters, Pass pass) {
    long[] shape = input.shape();
    Memory memory = pass.memory();
    INDArray output = memory.dense(input).reshape('c', shape[0], input.length() / shape[0]);
    return new Forward(output, new Weightless(g -> memory.dense(g).reshape('c', shape)));
  }
}
