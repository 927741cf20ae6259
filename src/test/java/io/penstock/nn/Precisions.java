package io.penstock.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import io.penstock.compute.cuda.StandIn;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Compares the kernels for single precision with the operations for double precision. */
public final class Precisions {
  private Precisions() {}

  /** Checks outputs and both gradients, on the processor and on the stand-in of a GPU. */
  public static void agree(Layer layer, Shape shape, int rows, double tolerance) {
    double[][] doubles = run(layer, shape, rows, DataType.DOUBLE);
    assertClose(doubles, layer, shape, rows, tolerance);
    if (layer.computesAnywhere() && StandIn.problem().isEmpty()) {
      assertClose(doubles, LayerOnGpu.of(layer), shape, rows, tolerance);
    }
  }

  private static void assertClose(
      double[][] doubles, Layer layer, Shape shape, int rows, double tolerance) {
    double[][] floats = run(layer, shape, rows, DataType.FLOAT);
    for (int i = 0; i < doubles.length; i++) {
      assertArrayEquals(doubles[i], floats[i], tolerance, layer + " " + i);
    }
  }

  private static double[][] run(Layer layer, Shape shape, int rows, DataType type) {
    Parameters p = Parameters.initial(layer.parameters(shape), 5, 0, type);
    INDArray input = Data.input(layer, type, shape.withRows(rows));
    INDArray g = Data.random(2, type, layer.outputShape(shape).withRows(rows));
    Forward forward = layer.forward(input, p, Data.TRAINING);
    Parameters gradients = Parameters.zeros(p.specs(), type);
    forward.backward().weightGradient(g, gradients);
    return new double[][] {
      Data.values(forward.output()),
      Data.values(forward.backward().inputGradient(g)),
      Data.values(gradients.flat())
    };
  }
}
