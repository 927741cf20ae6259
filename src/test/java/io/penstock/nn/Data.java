package io.penstock.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Arrays for tests: made from a key, laid out in odd ways, compared bit for bit. */
public final class Data {
  public static final Pass TRAINING = new Pass(true, 7, 1, 2, 3);

  private Data() {}

  /** Numbers in [-1, 1), none near 0, where relu has a corner. */
  public static INDArray random(long key, DataType type, long... shape) {
    double[] values = new double[(int) Arrays.stream(shape).reduce(1, (a, b) -> a * b)];
    for (int i = 0; i < values.length; i++) {
      double v = RandomKey.of(99, key).uniform(i) * 2 - 1;
      values[i] = v + Math.copySign(0.01, v);
    }
    return Nd4j.createFromArray(values).castTo(type).reshape('c', shape);
  }

  /** Numbers for a layer: token ids, padding among them, for an embedding, any for others. */
  public static INDArray input(Layer layer, DataType type, long... shape) {
    INDArray random = random(1, type, shape);
    if (layer.tokenIds().isPresent()) {
      long vocabulary = layer.tokenIds().get();
      double[] values = values(random);
      for (int i = 0; i < values.length; i++) {
        values[i] = Math.floor((values[i] + 1.02) / 2.04 * (vocabulary + 1)) - 1;
      }
      return Nd4j.createFromArray(values).castTo(type).reshape('c', shape);
    }
    return random;
  }

  /** A pass in training for these rows, with labels of classes 0 to 2 where the layer asks. */
  public static Pass training(Layer layer, INDArray input) {
    if (!layer.readsLabels()) {
      return TRAINING;
    }
    long places = input.rank() > 2 ? input.size(1) : 1;
    float[] labels = new float[(int) (input.size(0) * places)];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = input.rank() > 2 && i % 5 == 4 ? -1 : i * 7 % 3;
    }
    return TRAINING.labelled(Nd4j.createFromArray(labels).reshape('c', input.size(0), places));
  }

  public static INDArray doubles(double[][] rows) {
    return Nd4j.createFromArray(rows);
  }

  public static INDArray floats(float[][] rows) {
    return Nd4j.createFromArray(rows);
  }

  /** The same values as a view that begins {@code offset} numbers into a larger buffer. */
  public static INDArray offsetView(INDArray array, char order, int offset) {
    INDArray dense = array.dup(order);
    INDArray flat =
        Nd4j.valueArrayOf(new long[] {array.length() + offset + 3}, 7e9, array.dataType());
    INDArray view = Nd4j.create(flat.data(), array.shape(), dense.stride(), offset, order);
    return view.assign(array);
  }

  public static double[] values(INDArray array) {
    return array.dup('c').data().asDouble();
  }

  public static void assertSameBits(INDArray expected, INDArray actual, String message) {
    assertEquals(expected.dataType(), actual.dataType(), message);
    assertArrayEquals(expected.shape(), actual.shape(), message);
    // As doubles: exact for both types, and NaN and -0.0 count.
    assertArrayEquals(
        Arrays.stream(values(expected)).mapToLong(Double::doubleToRawLongBits).toArray(),
        Arrays.stream(values(actual)).mapToLong(Double::doubleToRawLongBits).toArray(),
        message);
  }

  public static void assertClose(double[] expected, INDArray actual, double tolerance) {
    assertArrayEquals(expected, values(actual), tolerance);
  }
}
