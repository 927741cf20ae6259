package io.penstock.compute.cuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import io.penstock.compute.Activations;
import io.penstock.compute.Activations.Function;
import io.penstock.nn.Data;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

class CudaActivationsTest {
  private final Activations activations = new OnDevice().open().activations();

  private static INDArray row(float... numbers) {
    return Data.floats(new float[][] {numbers});
  }

  private double[] softmax(float... numbers) {
    INDArray row = row(numbers);
    activations.softmax(row);
    return Data.values(row);
  }

  @ParameterizedTest
  @EnumSource
  void noFunctionMakesANumberOfNone(Function function) {
    INDArray numbers = row(Float.NaN, Float.NaN);
    activations.forward(function, numbers, numbers);
    assertArrayEquals(new double[] {Double.NaN, Double.NaN}, Data.values(numbers), 0);
  }

  @ParameterizedTest
  @EnumSource
  void numbersFarFromZeroNeitherOverflowNorLoseTheirSlope(Function function) {
    float far = 1000;
    INDArray input = row(far, -far);
    INDArray output = row(0, 0);
    INDArray gradient = row(1, 1);
    activations.forward(function, input, output);
    activations.backward(
        function, activations.keepsOutput(function) ? output : input, gradient, gradient);
    boolean flat = function == Function.SIGMOID || function == Function.TANH;
    double below =
        switch (function) {
          case LEAKY_RELU -> -10;
          case ELU, TANH -> -1;
          default -> 0;
        };
    assertArrayEquals(new double[] {flat ? 1 : far, below}, Data.values(output), 1e-6);
    double slope = function == Function.LEAKY_RELU ? 0.01 : 0;
    assertArrayEquals(new double[] {flat ? 0 : 1, slope}, Data.values(gradient), 1e-6);
  }

  @Test
  void aRowThatHasNoSoftmaxIsNoNumberAnywhere() {
    float infinite = Float.POSITIVE_INFINITY;
    double[] none = {Double.NaN, Double.NaN, Double.NaN};
    assertArrayEquals(none, softmax(Float.NaN, 1, 2), 0);
    assertArrayEquals(none, softmax(-infinite, Float.NaN, 2), 0);
    assertArrayEquals(none, softmax(infinite, 1, 2), 0);
    assertArrayEquals(none, softmax(-infinite, -infinite, -infinite), 0);
  }

  @Test
  void whatIsForbiddenGetsNothing() {
    assertArrayEquals(new double[] {0, 0.5, 0.5}, softmax(Float.NEGATIVE_INFINITY, 3, 3), 1e-6);
    assertArrayEquals(new double[] {0, 0.5, 0.5}, softmax(-1e30f, 3, 3), 1e-6);
    assertArrayEquals(new double[] {0.5, 0.5}, softmax(-1e30f, -1e30f), 1e-6, "all are");
  }

  /** However many rows a block takes: micro-batches may be short. */
  @Test
  void aRowsBitsDoNotHangOnThoseBesideIt() {
    for (int width : new int[] {3, 40, 900, 6000}) {
      INDArray rows = Data.random(1, DataType.FLOAT, 70, width);
      INDArray last = rows.getRow(69).dup().reshape('c', 1, width);
      activations.softmax(rows);
      activations.softmax(last);
      assertArrayEquals(Data.values(last), Data.values(rows.getRow(69)), 0, "width " + width);
    }
  }
}
