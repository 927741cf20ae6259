package io.penstock.compute;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.penstock.compute.cuda.OnDevice;
import io.penstock.nn.Data;
import java.util.Arrays;
import java.util.stream.Stream;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * One kind of compute with one type of numbers, for tests that hold against all of them.
 *
 * @param compute the kind's, opened for one test
 */
record Computing(ComputeKind kind, DataType type, Compute compute) {
  /** Every kind with every type that it takes here, and that of GPUs on the stand-in of one. */
  static Stream<Computing> all() {
    return each(Stream.concat(ComputeKinds.all().stream(), Stream.of(new OnDevice())));
  }

  /** The same, and that of GPUs once more with cuBLASLt, for what is made of products. */
  static Stream<Computing> withCublas() {
    return Stream.concat(all(), each(Stream.of(OnDevice.withCublas())));
  }

  /** The same, and that of GPUs once more with cuDNN, for what is made of convolutions. */
  static Stream<Computing> withCublasAndCudnn() {
    return Stream.concat(withCublas(), each(Stream.of(OnDevice.withCudnn())));
  }

  private static Stream<Computing> each(Stream<ComputeKind> kinds) {
    return kinds.flatMap(
        kind ->
            Stream.of(DataType.FLOAT, DataType.DOUBLE)
                .filter(kind::takes)
                .map(type -> new Computing(kind, type, kind.open())));
  }

  /** Numbers of a key, which is also how many others lie before them in memory, row by row. */
  INDArray random(int key, long... shape) {
    return random('c', key, shape);
  }

  /** The same in this order. */
  INDArray random(char order, int key, long... shape) {
    return Data.offsetView(Data.random(key, type, shape), order, key);
  }

  /** What is to be overwritten: not a number anywhere. */
  INDArray room(long... shape) {
    return Nd4j.valueArrayOf(shape, Double.NaN, type);
  }

  /** How far a sum of so many products may be off. */
  double tolerance(long terms) {
    return (type == DataType.FLOAT ? 2e-6 : 1e-13) * (4 + terms);
  }

  /** Every number is as near as the type allows, each in itself and beside the largest. */
  void assertClose(double[] expected, INDArray actual, String message) {
    double largest = Math.max(1, Arrays.stream(expected).map(Math::abs).max().orElse(0));
    double tolerance = (type == DataType.FLOAT ? 2e-5 : 1e-11) * largest;
    double[] numbers = Data.values(actual);
    assertEquals(expected.length, numbers.length, message);
    for (int i = 0; i < numbers.length; i++) {
      assertEquals(expected[i], numbers[i], tolerance, message + " [" + i + "]");
    }
  }

  @Override
  public String toString() {
    return kind.id() + " " + type;
  }
}
