package io.penstock.nn.layer;

import io.penstock.compute.Memory;
import io.penstock.compute.Rows;
import io.penstock.nn.Forward;
import io.penstock.nn.Layer;
import io.penstock.nn.Parameters;
import io.penstock.nn.Pass;
import io.penstock.nn.Places;
import io.penstock.nn.Sequences;
import io.penstock.nn.Shape;
import io.penstock.nn.Weightless;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Last time step of every sequence: its last vector that is not padding, {@code [length, width]} to
 * {@code [width]}. Of a sequence that is nothing but padding it is the last one. Immutable.
 */
public record LastStep() implements Layer {
  private static final String NAME = "The last step";

  @Override
  public boolean computesAnywhere() {
    return true;
  }

  @Override
  public Shape outputShape(Shape input) {
    return Shape.of(Sequences.width(Sequences.checked(NAME, input)));
  }

  @Override
  public long flops(Shape input) {
    return 0;
  }

  @Override
  public boolean readsPlaces() {
    return true;
  }

  @Override
  public Forward forward(INDArray input, Parameters parameters, Pass pass) {
    Sequences.check(NAME, input, input.size(-1));
    Memory memory = pass.memory();
    long[] shape = input.shape();
    INDArray x = memory.dense(input);
    INDArray output = memory.array(x.dataType(), shape[0], shape[2]);
    Places places = pass.places().in(x);
    Rows rows = memory.compute(x).rows();
    int[] last = new int[Math.toIntExact(shape[0])];
    for (int row = 0; row < last.length; row++) {
      last[row] = Math.toIntExact(row * shape[1] + places.last(row, shape[1]));
    }
    rows.lookUp(vectors(x), last, output);
    return new Forward(
        output,
        new Weightless(
            g -> {
              INDArray gradient = memory.array(g.dataType(), shape);
              rows.fill(gradient, 0);
              rows.put(memory.dense(g), last, vectors(gradient));
              return gradient;
            }));
  }

  /** Returns the vectors of all sequences, one behind the other, as columns: a view. */
  private static INDArray vectors(INDArray sequences) {
    long width = sequences.size(2);
    return Nd4j.create(
        sequences.data(),
        new long[] {width, sequences.length() / width},
        new long[] {1, width},
        sequences.offset(),
        'f');
  }
}
