package io.penstock.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.penstock.nn.layer.Embedding;
import java.util.function.DoubleSupplier;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Compares gradients with central differences, in double precision. */
public final class Gradients {
  private static final double STEP = 1e-5;
  private static final double TOLERANCE = 1e-8;

  private Gradients() {}

  /** Checks both halves of a layer's backward pass, on a loss that weighs every output apart. */
  public static void check(Layer layer, Shape shape, int rows, Pass pass) {
    INDArray input = Data.input(layer, DataType.DOUBLE, shape.withRows(rows));
    Parameters parameters = Parameters.initial(layer.parameters(shape), 5, 0, DataType.DOUBLE);
    INDArray weights = Data.random(2, DataType.DOUBLE, layer.outputShape(shape).withRows(rows));
    DoubleSupplier loss = () -> dot(layer.forward(input, parameters, pass).output(), weights);

    Backward backward = layer.forward(input, parameters, pass).backward();
    Parameters gradients = Parameters.zeros(parameters.specs(), DataType.DOUBLE);
    backward.weightGradient(weights, gradients);
    INDArray inputGradient = backward.inputGradient(weights);

    if (layer instanceof Embedding) {
      // Ids are not numbers to be changed a little.
      assertArrayEquals(new double[(int) input.length()], Data.values(inputGradient));
    } else {
      check(layer + " input", input, inputGradient, loss);
    }
    if (parameters.size() > 0) {
      check(layer + " weights", parameters.trained(), gradients.trained(), loss);
    }
  }

  public static void check(String what, INDArray at, INDArray gradient, DoubleSupplier loss) {
    assertEquals(at.length(), gradient.length(), what);
    double[] actual = Data.values(gradient);
    long[] shape = at.shape();
    for (int i = 0; i < at.length(); i++) {
      long[] place = place(i, shape);
      double x = at.getDouble(place);
      at.putScalar(place, x + STEP);
      double above = loss.getAsDouble();
      at.putScalar(place, x - STEP);
      double below = loss.getAsDouble();
      at.putScalar(place, x);
      assertEquals((above - below) / (2 * STEP), actual[i], TOLERANCE, what + " at " + i);
    }
  }

  private static long[] place(long index, long[] shape) {
    long[] place = new long[shape.length];
    for (int d = shape.length - 1; d >= 0; d--) {
      place[d] = index % shape[d];
      index /= shape[d];
    }
    return place;
  }

  private static double dot(INDArray a, INDArray b) {
    double[] x = Data.values(a);
    double[] y = Data.values(b);
    double sum = 0;
    for (int i = 0; i < x.length; i++) {
      sum += x[i] * y[i];
    }
    return sum;
  }
}
