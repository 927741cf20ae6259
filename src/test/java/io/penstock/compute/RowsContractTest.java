package io.penstock.compute;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** What every kind does with rows, against loops in double precision. */
class RowsContractTest {
  private static final int[] SIZES = {1, 3, 7, 17, 33};

  private static double[] numbers(INDArray array) {
    return array.dup('c').data().asDouble();
  }

  @ParameterizedTest(name = "{0} {2}")
  @MethodSource("io.penstock.compute.KindsUnderTest#all")
  void aVectorIsAddedToEachRowAndRowsAreAddedUp(String id, Compute compute, DataType type) {
    for (int count : SIZES) {
      for (int width : SIZES) {
        INDArray matrix = KindsUnderTest.random(type, 'c', 1, count, width);
        INDArray vector = KindsUnderTest.random(type, 'c', 2, width);
        double[] before = numbers(matrix);
        double[] added = numbers(vector);
        compute.rows().addToEach(matrix, vector);
        double[] after = numbers(matrix);
        for (int i = 0; i < after.length; i++) {
          assertEquals(before[i] + added[i % width], after[i], 1e-5);
        }
        compute.rows().addUp(matrix, vector);
        double[] sums = numbers(vector);
        for (int j = 0; j < width; j++) {
          double sum = added[j];
          for (int i = 0; i < count; i++) {
            sum += after[i * width + j];
          }
          assertEquals(sum, sums[j], KindsUnderTest.tolerance(type, count));
        }
      }
    }
  }

  @ParameterizedTest(name = "{0} {2}")
  @MethodSource("io.penstock.compute.KindsUnderTest#all")
  void aRowIsAsWideAsItIsSaidWhateverTheShape(String id, Compute compute, DataType type) {
    INDArray sequences = KindsUnderTest.random(type, 'c', 1, 3, 2, 5);
    INDArray table = KindsUnderTest.random(type, 'f', 2, 5, 4);
    double[] before = numbers(sequences);
    double[] vectors = table.data().asDouble();
    compute.rows().addToEach(sequences, table, 10);
    double[] after = numbers(sequences);
    for (int i = 0; i < 30; i++) {
      assertEquals(before[i] + vectors[i % 10], after[i], 1e-6, "at " + i);
    }
    compute.rows().addUp(sequences, table, 10);
    double[] sums = table.data().asDouble();
    for (int i = 0; i < 20; i++) {
      double sum = vectors[i] + (i < 10 ? after[i] + after[i + 10] + after[i + 20] : 0);
      assertEquals(sum, sums[i], 1e-5, "at " + i);
    }
    INDArray vector = KindsUnderTest.random(type, 'c', 3, 5);
    double[] added = numbers(vector);
    compute.rows().addToEach(sequences, vector);
    double[] ofPositions = numbers(sequences);
    for (int i = 0; i < 30; i++) {
      assertEquals(after[i] + added[i % 5], ofPositions[i], 1e-6, "at " + i);
    }
    compute.rows().clear(sequences, 7, 4);
    for (int i = 0; i < 30; i++) {
      assertEquals(7 <= i && i < 11 ? 0 : ofPositions[i], numbers(sequences)[i], 0, "at " + i);
    }
  }

  @ParameterizedTest(name = "{0} {2}")
  @MethodSource("io.penstock.compute.KindsUnderTest#all")
  void runsOfNumbersAreCopiedAndAdded(String id, Compute compute, DataType type) {
    INDArray from = KindsUnderTest.random(type, 'c', 1, 20);
    INDArray to = KindsUnderTest.random(type, 'c', 2, 20);
    double[] source = numbers(from);
    double[] expected = numbers(to);
    compute.rows().copy(from, 3, to, 7, 5);
    compute.rows().add(from, 1, to, 14, 4);
    for (int i = 0; i < 5; i++) {
      expected[7 + i] = source[3 + i];
    }
    for (int i = 0; i < 4; i++) {
      expected[14 + i] += source[1 + i];
    }
    double[] actual = numbers(to);
    for (int i = 0; i < 20; i++) {
      assertEquals(expected[i], actual[i], 1e-6, "at " + i);
    }
  }

  @ParameterizedTest(name = "{0} {2}")
  @MethodSource("io.penstock.compute.KindsUnderTest#all")
  void vectorsAreLookedUpAndAddedToInOrder(String id, Compute compute, DataType type) {
    INDArray table = KindsUnderTest.random(type, 'f', 1, 3, 5);
    int[] ids = {4, -1, 0, 4};
    INDArray rows = KindsUnderTest.random(type, 'c', 2, ids.length, 3);
    compute.rows().lookUp(table, ids, rows.reshape('c', 2, 2, 3));
    for (int i = 0; i < ids.length; i++) {
      for (int j = 0; j < 3; j++) {
        assertEquals(ids[i] < 0 ? 0 : table.getDouble(j, ids[i]), rows.getDouble(i, j), 0);
      }
    }
    INDArray sums = Nd4j.zeros(type, 3, 5).dup('f');
    compute.rows().addAt(rows, ids, sums);
    for (int j = 0; j < 3; j++) {
      assertEquals(2 * table.getDouble(j, 4), sums.getDouble(j, 4), 1e-6);
      assertEquals(table.getDouble(j, 0), sums.getDouble(j, 0), 1e-6);
      assertEquals(0, sums.getDouble(j, 1), 0);
    }
  }

  @ParameterizedTest(name = "{0} {2}")
  @MethodSource("io.penstock.compute.KindsUnderTest#all")
  void wholeArraysAreSwappedFilledScaledAndAdded(String id, Compute compute, DataType type) {
    INDArray from = KindsUnderTest.random(type, 'c', 1, 3, 5, 2);
    INDArray to = KindsUnderTest.random(type, 'c', 2, 5, 3, 2);
    compute.rows().swap(from, to);
    for (int a = 0; a < 3; a++) {
      for (int b = 0; b < 5; b++) {
        for (int w = 0; w < 2; w++) {
          assertEquals(from.getDouble(a, b, w), to.getDouble(b, a, w), 0);
        }
      }
    }
    double[] source = numbers(from);
    INDArray sum = KindsUnderTest.random(type, 'c', 3, 3, 5, 2);
    compute.rows().add(from, from, sum);
    compute.rows().scale(sum, 0.25);
    double[] halves = numbers(sum);
    for (int i = 0; i < source.length; i++) {
      assertEquals(source[i] / 2, halves[i], 1e-6);
    }
    compute.rows().add(from, sum, sum); // the sum may be one of the two
    assertEquals(1.5 * source[0], numbers(sum)[0], 1e-6);
    for (double value : new double[] {0, 3}) {
      compute.rows().fill(sum, value);
      for (double one : numbers(sum)) {
        assertEquals(value, one, 0);
      }
    }
  }

  @ParameterizedTest(name = "{0} {2}")
  @MethodSource("io.penstock.compute.KindsUnderTest#all")
  void whatIsNotFiniteIsSeenWhereverItLies(String id, Compute compute, DataType type) {
    for (int size : SIZES) {
      for (int at = 0; at < size; at++) {
        INDArray array = KindsUnderTest.random(type, 'c', size, size);
        assertTrue(compute.rows().squaresAreFinite(array));
        for (double bad : new double[] {Double.NaN, Double.POSITIVE_INFINITY}) {
          array.putScalar(at, bad);
          assertFalse(compute.rows().squaresAreFinite(array), bad + " at " + at + " of " + size);
        }
      }
    }
    assertTrue(compute.rows().squaresAreFinite(Nd4j.empty(type)));
  }
}
