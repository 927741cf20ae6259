package io.penstock.nn;

import org.nd4j.linalg.api.ndarray.INDArray;

/** Makes rows of any shape rows of one dimension, the last dimension running fastest. */
public record Flatten() implements Layer {
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
    if (input.rank() == 2) {
      return new Forward(Blank.ordered(input, 'f'), new Weightless(g -> Blank.ordered(g, 'f')));
    }
    long[] shape = input.shape();
    long rows = shape[0];
    // Only a view: the next layer takes 'c' as well, and a transposing copy would cost more.
    INDArray output = Blank.ordered(input, 'c').reshape('c', rows, input.length() / rows);
    return new Forward(output, new Weightless(g -> Blank.ordered(g, 'c').reshape('c', shape)));
  }
}
