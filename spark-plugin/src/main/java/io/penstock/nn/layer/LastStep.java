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
    copy(x, output, true, shape, places, rows);
    return new Forward(
        output,
        new Weightless(
            g -> {
              INDArray gradient = memory.array(g.dataType(), shape);
              rows.fill(gradient, 0);
              copy(gradient, memory.dense(g), false, shape, places, rows);
              return gradient;
            }));
  }

  private static void copy(
      INDArray sequences, INDArray last, boolean out, long[] shape, Places places, Rows rows) {
    long width = shape[2];
    for (long row = 0; row < shape[0]; row++) {
      long from = (row * shape[1] + places.last(row, shape[1])) * width;
      if (out) {
        rows.copy(sequences, from, last, row * width, width);
      } else {
        rows.copy(last, row * width, sequences, from, width);
      }
    }
  }
}
