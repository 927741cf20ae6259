package io.penstock.nn;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.shade.jackson.annotation.JsonCreator;

/** Lays a row's dimensions behind one another, the last running fastest. */
public record Flatten() implements Layer {
  @JsonCreator
  public Flatten {}

  @Override
  public Shape outputShape(Shape input) {
    return Shape.of(input.size());
  }

  @Override
  public long flops(Shape input) {
    return 0;
  }

  @Override
  public Forward forward(INDArray input, Parameters parameters, Pass pass) {
    long rows = input.size(0);
    long[] shape = input.shape();
    INDArray output = input.dup('c').reshape('c', rows, input.length() / rows);
    return new Forward(output, gradient -> gradient.dup('c').reshape('c', shape));
  }
}
