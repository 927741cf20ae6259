package io.penstock.compute;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
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

  @ParameterizedTest
  @MethodSource("io.penstock.compute.Computing#all")
  void aVectorIsAddedToEachRowAndRowsAreAddedUp(Computing c) {
    for (int count : SIZES) {
      for (int width : SIZES) {
        INDArray matrix = c.random(1, count, width);
        INDArray vector = c.random(2, width);
        double[] before = numbers(matrix);
        double[] added = numbers(vector);
        c.compute().rows().addToEach(matrix, vector);
        double[] after = numbers(matrix);
        for (int i = 0; i < after.length; i++) {
          assertEquals(before[i] + added[i % width], after[i], 1e-5);
        }
        c.compute().rows().addUp(matrix, vector);
        double[] sums = numbers(vector);
        for (int j = 0; j < width; j++) {
          double sum = added[j];
          for (int i = 0; i < count; i++) {
            sum += after[i * width + j];
          }
          assertEquals(sum, sums[j], c.tolerance(count));
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("io.penstock.compute.Computing#all")
  void aRowIsAsWideAsItIsSaidWhateverTheShape(Computing c) {
    INDArray sequences = c.random(1, 3, 2, 5);
    INDArray table = c.random('f', 2, 5, 4);
    double[] before = numbers(sequences);
    double[] vectors = table.data().asDouble();
    c.compute().rows().addToEach(sequences, table, 10);
    double[] after = numbers(sequences);
    for (int i = 0; i < 30; i++) {
      assertEquals(before[i] + vectors[i % 10], after[i], 1e-6, "at " + i);
    }
    c.compute().rows().addUp(sequences, table, 10);
    double[] sums = table.data().asDouble();
    for (int i = 0; i < 20; i++) {
      double sum = vectors[i] + (i < 10 ? after[i] + after[i + 10] + after[i + 20] : 0);
      assertEquals(sum, sums[i], 1e-5, "at " + i);
    }
    INDArray vector = c.random(3, 5);
    double[] added = numbers(vector);
    c.compute().rows().addToEach(sequences, vector);
    double[] ofPositions = numbers(sequences);
    for (int i = 0; i < 30; i++) {
      assertEquals(after[i] + added[i % 5], ofPositions[i], 1e-6, "at " + i);
    }
    c.compute().rows().clear(sequences, 7, 4);
    for (int i = 0; i < 30; i++) {
      assertEquals(7 <= i && i < 11 ? 0 : ofPositions[i], numbers(sequences)[i], 0, "at " + i);
    }
  }

  @ParameterizedTest
  @MethodSource("io.penstock.compute.Computing#all")
  void runsOfNumbersAreCopiedAndAdded(Computing c) {
    INDArray from = c.random(1, 20);
    INDArray to = c.random(2, 20);
    double[] source = numbers(from);
    double[] expected = numbers(to);
    c.compute().rows().copy(from, 3, to, 7, 5);
    c.compute().rows().add(from, 1, to, 14, 4);
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

  @ParameterizedTest
  @MethodSource("io.penstock.compute.Computing#all")
  void vectorsAreLookedUpAndAddedToInOrder(Computing c) {
    INDArray table = c.random('f', 1, 3, 5);
    int[] ids = {4, -1, 0, 4};
    INDArray rows = c.random(2, ids.length, 3);
    c.compute().rows().lookUp(table, ids, rows.reshape('c', 2, 2, 3));
    for (int i = 0; i < ids.length; i++) {
      for (int j = 0; j < 3; j++) {
        assertEquals(ids[i] < 0 ? 0 : table.getDouble(j, ids[i]), rows.getDouble(i, j), 0);
      }
    }
    INDArray sums = Nd4j.zeros(c.type(), 3, 5).dup('f');
    c.compute().rows().addAt(rows, ids, sums);
    for (int j = 0; j < 3; j++) {
      assertEquals(2 * table.getDouble(j, 4), sums.getDouble(j, 4), 1e-6);
      assertEquals(table.getDouble(j, 0), sums.getDouble(j, 0), 1e-6);
      assertEquals(0, sums.getDouble(j, 1), 0);
    }
  }

  @ParameterizedTest
  @MethodSource("io.penstock.compute.Computing#all")
  void wholeArraysAreSwappedFilledScaledAndAdded(Computing c) {
    INDArray from = c.random(1, 3, 5, 2);
    INDArray to = c.random(2, 5, 3, 2);
    c.compute().rows().swap(from, to);
    for (int a = 0; a < 3; a++) {
      for (int b = 0; b < 5; b++) {
        for (int w = 0; w < 2; w++) {
          assertEquals(from.getDouble(a, b, w), to.getDouble(b, a, w), 0);
        }
      }
    }
    double[] source = numbers(from);
    INDArray sum = c.random(3, 3, 5, 2);
    c.compute().rows().add(from, from, sum);
    c.compute().rows().scale(sum, 0.25);
    double[] halves = numbers(sum);
    for (int i = 0; i < source.length; i++) {
      assertEquals(source[i] / 2, halves[i], 1e-6);
    }
    c.compute().rows().add(from, sum, sum); // the sum may be one of the two
    assertEquals(1.5 * source[0], numbers(sum)[0], 1e-6);
    for (double value : new double[] {0, 3}) {
      c.compute().rows().fill(sum, value);
      for (double one : numbers(sum)) {
        assertEquals(value, one, 0);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("io.penstock.compute.Computing#all")
  void whatIsNotFiniteIsSeenWhereverItLies(Computing c) {
    for (int size : SIZES) {
      for (int at = 0; at < size; at++) {
        INDArray array = c.random(size, size);
        assertTrue(c.compute().rows().squaresAreFinite(array));
        for (double bad : new double[] {Double.NaN, Double.POSITIVE_INFINITY}) {
          array.putScalar(at, bad);
          assertFalse(
              c.compute().rows().squaresAreFinite(array), bad + " at " + at + " of " + size);
        }
      }
    }
    assertTrue(c.compute().rows().squaresAreFinite(Nd4j.empty(c.type())));
  }

  @ParameterizedTest
  @MethodSource("io.penstock.compute.Computing#all")
  void arraysAreMultipliedNumberByNumber(Computing c) {
    for (int size : SIZES) {
      INDArray a = c.random(1, size, 3);
      INDArray b = c.random(2, size, 3);
      double[] first = numbers(a);
      double[] second = numbers(b);
      INDArray product = c.room(size, 3);
      c.compute().rows().multiply(a, b, product);
      c.compute().rows().multiply(a, b, b); // the product may be one of the two
      for (int i = 0; i < first.length; i++) {
        double wanted = first[i] * second[i];
        assertEquals(wanted, numbers(product)[i], 1e-6 * Math.abs(wanted), size + " at " + i);
        assertEquals(wanted, numbers(b)[i], 1e-6 * Math.abs(wanted), size + " at " + i);
        assertEquals(first[i], numbers(a)[i], 0);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("io.penstock.compute.Computing#all")
  void aMaskIsTheSameToTheLastBitOnEveryKind(Computing c) {
    long[] keys = {0, 1, -1, Long.MIN_VALUE, 0x123456789ABCDEFL};
    // The first number of key 0, and its neighbour: what is equal to the probability is kept.
    double first = SplitMix.uniform(0, 0);
    double[] probabilities = {0, 0.1, 0.5, first, Math.nextUp(first), 0.9, 1 - 0x1p-53, 1e-300};
    for (long key : keys) {
      for (double probability : probabilities) {
        for (int size : SIZES) {
          INDArray mask = c.room(size, 5);
          c.compute().rows().mask(key, probability, mask);
          double kept = 1 / (1 - probability);
          double[] actual = numbers(mask);
          for (int i = 0; i < actual.length; i++) {
            double wanted = SplitMix.uniform(key, i) < probability ? 0 : kept;
            wanted = c.type() == DataType.FLOAT ? (float) wanted : wanted;
            assertEquals(wanted, actual[i], 0, probability + " at " + i);
          }
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("io.penstock.compute.Computing#all")
  void squaresAreAddedUpInDoublePrecision(Computing c) {
    for (int size : new int[] {1, 3, 17, 255, 256, 257, 5001, 300_007}) {
      INDArray array = c.random(size % 5, size);
      double[] numbers = numbers(array);
      double expected = 0;
      for (double one : numbers) {
        expected += one * one;
      }
      double sum = c.compute().rows().sumOfSquares(array);
      assertEquals(expected, sum, 1e-11 * expected, size + " numbers");
      assertEquals(sum, c.compute().rows().sumOfSquares(array), 0, "again");
      c.compute().rows().fill(array, 1e25); // a float's square would be infinite
      double large = numbers(array)[0];
      assertEquals(
          size * large * large,
          c.compute().rows().sumOfSquares(array),
          1e-11 * size * large * large);
    }
    assertEquals(0, c.compute().rows().sumOfSquares(Nd4j.empty(c.type())), 0);
    for (double bad : new double[] {Double.NaN, Double.POSITIVE_INFINITY}) {
      INDArray array = c.random(1, 700);
      array.putScalar(699, bad);
      assertEquals(bad, c.compute().rows().sumOfSquares(array), 0);
    }
  }

  @ParameterizedTest
  @MethodSource("io.penstock.compute.Computing#all")
  void manyRowsAreAddedUpAsWellAsFewAndWideOnesAsNarrowOnes(Computing c) {
    int[][] shapes = {{20_011, 1}, {9_001, 3}, {3_001, 33}, {1, 5_003}, {5, 1_001}, {70, 513}};
    for (int[] shape : shapes) {
      INDArray matrix = c.random(1, shape[0], shape[1]);
      INDArray sums = c.random(2, shape[1]);
      double[] numbers = numbers(matrix);
      double[] expected = numbers(sums);
      for (int i = 0; i < numbers.length; i++) {
        expected[i % shape[1]] += numbers[i];
      }
      c.compute().rows().addUp(matrix, sums);
      double[] actual = numbers(sums);
      for (int j = 0; j < shape[1]; j++) {
        assertEquals(expected[j], actual[j], c.tolerance(shape[0]), shape[0] + " rows, at " + j);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("io.penstock.compute.Computing#all")
  void rowsOfOneIdAreAddedFirstToLast(Computing c) {
    int[] ids = new int[2_000];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = (i * 7) % 5 - 1;
    }
    INDArray rows = c.random(2, ids.length, 7);
    INDArray table = c.random('f', 1, 7, 9);
    double[] numbers = numbers(rows);
    double[][] expected = new double[9][7];
    for (int id = 0; id < 9; id++) {
      for (int j = 0; j < 7; j++) {
        expected[id][j] = table.getDouble(j, id);
      }
    }
    for (int i = 0; i < ids.length; i++) {
      for (int j = 0; j < 7 && ids[i] >= 0; j++) {
        double sum = expected[ids[i]][j] + numbers[i * 7 + j];
        expected[ids[i]][j] = c.type() == DataType.FLOAT ? (float) sum : sum;
      }
    }
    c.compute().rows().addAt(rows, ids, table);
    for (int id = 0; id < 9; id++) {
      for (int j = 0; j < 7; j++) {
        assertEquals(expected[id][j], table.getDouble(j, id), 0, "id " + id + " at " + j);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("io.penstock.compute.Computing#all")
  void rowsArePutToTheVectorsOfTheirIds(Computing c) {
    for (int width : SIZES) {
      INDArray rows = c.random(1, 5, width);
      INDArray table = c.random('f', 2, width, 9);
      INDArray before = table.dup('f');
      int[] ids = {7, -1, 0, 8, 3};
      c.compute().rows().put(rows.reshape('c', 1, 5, width), ids, table);
      for (int i = 0; i < ids.length; i++) {
        for (int j = 0; j < width && ids[i] >= 0; j++) {
          before.putScalar(j, ids[i], rows.getDouble(i, j));
        }
      }
      assertArrayEquals(numbers(before), numbers(table), 0, width + " wide");
    }
  }

  @ParameterizedTest
  @MethodSource("io.penstock.compute.Computing#all")
  void columnsAreCopiedToOthers(Computing c) {
    for (int count : SIZES) {
      for (int width : SIZES) {
        INDArray from = c.random(1, count, width + 4);
        INDArray to = c.random(2, count, width + 3);
        INDArray expected = to.dup('c');
        for (int row = 0; row < count; row++) {
          for (int j = 0; j < width; j++) {
            expected.putScalar(row, 1 + j, from.getDouble(row, 4 + j));
          }
        }
        c.compute()
            .rows()
            .copyColumns(
                from.reshape('c', 1, count, width + 4),
                4,
                to.reshape('c', count, 1, width + 3),
                1,
                width);
        assertArrayEquals(numbers(expected), numbers(to), 0, count + " of " + width);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("io.penstock.compute.Computing#all")
  void vectorsAreAddedToTheRowsOfSomeMatrices(Computing c) {
    for (int width : SIZES) {
      INDArray matrices = c.random(1, 6, 2, 7, width);
      double[] expected = numbers(matrices);
      int[] which = {5, 0, 3};
      float[] vectors = new float[which.length * width];
      for (int i = 0; i < vectors.length; i++) {
        vectors[i] = i % 3 == 0 ? -1e30f : i;
      }
      for (int i = 0; i < which.length; i++) {
        for (int j = 0; j < 14 * width; j++) {
          double sum = expected[which[i] * 14 * width + j] + vectors[i * width + j % width];
          expected[which[i] * 14 * width + j] = c.type() == DataType.FLOAT ? (float) sum : sum;
        }
      }
      c.compute().rows().addToSome(matrices, which, vectors);
      assertArrayEquals(expected, numbers(matrices), 0, width + " wide");
      c.compute().rows().addToSome(matrices, new int[0], new float[0]);
      assertArrayEquals(expected, numbers(matrices), 0, "none");
    }
  }

  @ParameterizedTest
  @MethodSource("io.penstock.compute.Computing#all")
  void whatIsNotFiniteIsMarkedWhereverItLies(Computing c) {
    Rows rows = c.compute().rows();
    for (int size : new int[] {1, 3, 17, 1025}) {
      INDArray mark = c.room(1).assign(0);
      INDArray array = c.random(size % 7, size);
      array.putScalar(0, c.type() == DataType.FLOAT ? Float.MAX_VALUE : Double.MAX_VALUE);
      rows.markNotFinite(array, mark);
      assertEquals(0, mark.getDouble(0), 0, "squares that are infinite are numbers that are not");
      for (int at : new int[] {0, size / 2, size - 1}) {
        for (double bad :
            new double[] {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY}) {
          INDArray other = array.dup();
          other.putScalar(at, bad);
          rows.fill(mark, 0);
          rows.markNotFinite(other, mark);
          assertEquals(1, mark.getDouble(0), 0, bad + " at " + at + " of " + size);
          rows.markNotFinite(array, mark);
          assertEquals(1, mark.getDouble(0), 0, "what was found stays so");
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("io.penstock.compute.Computing#all")
  void zeroAddedLeavesNoNegativeZero(Computing c) {
    INDArray array = c.random('f', 3, 5, 7);
    double[] expected = numbers(array);
    expected[0] = 0;
    array.putScalar(0, 0, -0.0);
    c.compute().rows().addZero(array);
    assertArrayEquals(expected, numbers(array), 0);
    assertEquals(0, Double.compare(0.0, array.getDouble(0, 0)));
  }
}
