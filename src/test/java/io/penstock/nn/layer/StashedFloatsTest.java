package io.penstock.nn.layer;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.compute.MicroBatchArena;
import io.penstock.compute.Workspace;
import io.penstock.nn.Data;
import io.penstock.nn.Forward;
import io.penstock.nn.Layer;
import io.penstock.nn.Parameters;
import io.penstock.nn.Pass;
import io.penstock.nn.Shape;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

class StashedFloatsTest {
  private static final int ROWS = 512;

  /** Of the input's gradient, which is the layer's before, and without the output's, its own. */
  @ParameterizedTest
  @MethodSource("io.penstock.nn.layer.LayerTest#layers")
  void aLayerTakesNoMoreThanItCounts(Layer layer, Shape shape) {
    INDArray input = Data.input(layer, DataType.FLOAT, shape.withRows(ROWS));
    Shape output = layer.outputShape(shape);
    INDArray gradient = Data.random(2, DataType.FLOAT, output.withRows(ROWS));
    Parameters parameters = Parameters.initial(layer.parameters(shape), 5, 0);
    Parameters sums = Parameters.zeros(parameters.specs(), DataType.FLOAT);
    Workspace workspace = new Workspace();
    try (MicroBatchArena arena = workspace.arena()) {
      Pass of = Data.training(layer, input);
      Pass pass =
          new Pass(
              true,
              of.seed(),
              of.layer(),
              of.step(),
              of.microBatch(),
              of.places(),
              of.labels(),
              arena,
              of.watch());
      Forward forward = layer.forward(input, parameters, pass);
      forward.backward().inputGradient(gradient);
      forward.backward().weightGradient(gradient, sums);
    }
    long counted = layer.stashedFloats(shape) + shape.size() - output.size();
    // A number for each place, scale or offset is none of a row.
    long besides = shape.size() + 2 * parameters.flat().length();
    long taken = workspace.bytes() / Float.BYTES;
    workspace.clear();
    assertTrue(
        taken <= ROWS * counted + besides,
        taken / (double) ROWS + " numbers a row, counted " + counted);
  }
}
