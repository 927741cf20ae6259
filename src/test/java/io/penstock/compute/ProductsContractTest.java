package io.penstock.compute;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.penstock.nn.Initializer;
import io.penstock.nn.ParameterSpec;
import io.penstock.nn.Parameters;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** What every kind's matrix products hold to, against loops in double precision. */
class ProductsContractTest {
  private static final int[] SIZES = {1, 3, 7, 16, 17, 33, 64};

  private static Parameters weights(Computing c, long inputs, long outputs, int key) {
    Parameters weights =
        Parameters.zeros(
            List.of(new ParameterSpec("w", List.of(inputs, outputs), Initializer.zeros())),
            c.type());
    weights.get("w").assign(c.random('f', key, inputs, outputs));
    weights.changed();
    return weights;
  }

  private static void assertSums(
      Computing c, INDArray expected, INDArray actual, long terms, String what) {
    for (long i = 0; i < expected.size(0); i++) {
      for (long j = 0; j < expected.size(1); j++) {
        assertEquals(
            expected.getDouble(i, j),
            actual.getDouble(i, j),
            c.tolerance(terms),
            what + " at " + i + ", " + j);
      }
    }
  }

  /** In double precision, one after another. */
  /** Rows, inner numbers, columns: with so few of any that a kind may go another way. */
  private static final int[][] PRODUCTS = {
    {5, 7, 3}, {1, 7, 5}, {5, 7, 1}, {2, 7, 4}, {4, 7, 2}, {1, 1, 1}, {5, 1, 6}, {1, 9, 1},
    {6, 5, 7}
  };

  private static INDArray product(INDArray a, boolean ta, INDArray b, boolean tb) {
    long rows = ta ? a.size(1) : a.size(0);
    long inner = ta ? a.size(0) : a.size(1);
    long columns = tb ? b.size(0) : b.size(1);
    INDArray c = Nd4j.create(DataType.DOUBLE, rows, columns);
    for (long i = 0; i < rows; i++) {
      for (long j = 0; j < columns; j++) {
        double sum = 0;
        for (long k = 0; k < inner; k++) {
          sum +=
              (ta ? a.getDouble(k, i) : a.getDouble(i, k))
                  * (tb ? b.getDouble(j, k) : b.getDouble(k, j));
        }
        c.putScalar(new long[] {i, j}, sum);
      }
    }
    return c;
  }

  @ParameterizedTest
  @MethodSource("io.penstock.compute.Computing#withCublas")
  void rowsTimesWeightsBothWaysWithAndWithoutBias(Computing c) {
    for (int rows : SIZES) {
      for (int inputs : new int[] {1, 7, 16, 33}) {
        for (int outputs : SIZES) {
          Parameters weights = weights(c, inputs, outputs, 1);
          INDArray bias = c.random(2, outputs);
          INDArray x = c.random(3, rows, inputs);
          INDArray g = c.random(4, rows, outputs);
          INDArray there = c.random(5, rows, outputs);
          INDArray back = c.random(6, rows, inputs);
          String what = rows + "x" + inputs + "x" + outputs;

          c.compute().products().rows(x, weights, "w", false, null, there);
          INDArray plain = product(x, false, weights.get("w"), false);
          assertSums(c, plain, there, inputs, what);
          c.compute().products().rows(x, weights, "w", false, bias, there);
          for (int i = 0; i < rows; i++) {
            for (int j = 0; j < outputs; j++) {
              plain.putScalar(new long[] {i, j}, plain.getDouble(i, j) + bias.getDouble(j));
            }
          }
          assertSums(c, plain, there, inputs, what + " with a bias");
          c.compute().products().rows(g, weights, "w", true, null, back);
          assertSums(c, product(g, false, weights.get("w"), true), back, outputs, what + " back");
          weights.close();
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("io.penstock.compute.Computing#withCublas")
  void allPositionsOfAllSequencesAreRows(Computing c) {
    for (int length : SIZES) {
      for (int outputs : new int[] {1, 17, 64}) {
        Parameters weights = weights(c, 33, outputs, 1);
        INDArray bias = c.random(2, outputs);
        INDArray x = c.random(3, 2 * length, 33);
        INDArray g = c.random(4, 2 * length, outputs);
        INDArray there = c.random(5, 2 * length, outputs);
        INDArray back = c.random(6, 2 * length, 33);
        INDArray sum = c.random('f', 7, 33, outputs);
        INDArray[] asSequences = {there.dup('c'), back.dup('c'), sum.dup('f')};
        c.compute().products().rows(x, weights, "w", false, bias, there);
        c.compute().products().rows(g, weights, "w", true, null, back);
        c.compute().products().weightGradient(x, g, sum);
        INDArray sequences = x.reshape('c', 2, length, 33);
        INDArray gradients = g.reshape('c', 2, length, outputs);
        c.compute()
            .products()
            .rows(
                sequences,
                weights,
                "w",
                false,
                bias,
                asSequences[0].reshape('c', 2, length, outputs));
        c.compute()
            .products()
            .rows(gradients, weights, "w", true, null, asSequences[1].reshape('c', 2, length, 33));
        c.compute().products().weightGradient(sequences, gradients, asSequences[2]);
        assertSums(c, there, asSequences[0], 0, length + " there");
        assertSums(c, back, asSequences[1], 0, length + " back");
        assertSums(c, sum, asSequences[2], 0, length + " sum");
        weights.close();
      }
    }
  }

  @ParameterizedTest
  @MethodSource("io.penstock.compute.Computing#withCublas")
  void changedWeightsAreReadAnew(Computing c) {
    Parameters weights = weights(c, 16, 8, 1);
    INDArray x = c.random(2, 5, 16);
    INDArray output = c.random(3, 5, 8);
    c.compute().products().rows(x, weights, "w", false, null, output);
    weights.get("w").muli(-2);
    weights.changed();
    c.compute().products().rows(x, weights, "w", false, null, output);
    assertSums(c, product(x, false, weights.get("w"), false), output, 16, "changed");
    weights.close();
  }

  @ParameterizedTest
  @MethodSource("io.penstock.compute.Computing#withCublas")
  void theGradientOfWeightsIsAddedToWhatIsThere(Computing c) {
    for (int rows : SIZES) {
      for (int inputs : new int[] {1, 7, 33}) {
        for (int outputs : new int[] {1, 16, 17}) {
          INDArray x = c.random(1, rows, inputs);
          INDArray g = c.random(2, rows, outputs);
          INDArray sum = c.random('f', 3, inputs, outputs);
          INDArray expected = product(x, true, g, false);
          for (int i = 0; i < inputs; i++) {
            for (int j = 0; j < outputs; j++) {
              expected.putScalar(new long[] {i, j}, expected.getDouble(i, j) + sum.getDouble(i, j));
            }
          }
          c.compute().products().weightGradient(x, g, sum);
          assertSums(c, expected, sum, rows, rows + "x" + inputs + "x" + outputs);
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("io.penstock.compute.Computing#withCublas")
  void anyMatrixMayBeTransposedAndInEitherOrder(Computing c) {
    boolean[] both = {false, true};
    for (char orderA : new char[] {'c', 'f'}) {
      for (char orderB : new char[] {'c', 'f'}) {
        for (char orderC : new char[] {'c', 'f'}) {
          for (boolean ta : both) {
            for (boolean tb : both) {
              for (int[] size : PRODUCTS) {
                multiply(c, orderA, ta, orderB, tb, orderC, size[0], size[1], size[2]);
              }
            }
          }
        }
      }
    }
  }

  private static void multiply(
      Computing c,
      char orderA,
      boolean ta,
      char orderB,
      boolean tb,
      char orderC,
      int rows,
      int inner,
      int columns) {
    INDArray a = c.random(orderA, 1, ta ? inner : rows, ta ? rows : inner);
    INDArray b = c.random(orderB, 2, tb ? columns : inner, tb ? inner : columns);
    String what =
        rows + "x" + inner + "x" + columns + " " + orderA + ta + " " + orderB + tb + " " + orderC;
    INDArray exact = product(a, ta, b, tb);
    INDArray overwritten = c.random(orderC, 3, rows, columns);
    overwritten.putScalar(0, 0, Double.NaN);
    c.compute().products().multiply(a, ta, b, tb, overwritten, 0);
    assertSums(c, exact, overwritten, inner, what);
    INDArray added = c.random(orderC, 4, rows, columns);
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        exact.putScalar(new long[] {i, j}, exact.getDouble(i, j) + added.getDouble(i, j));
      }
    }
    c.compute().products().multiply(a, ta, b, tb, added, 1);
    assertSums(c, exact, added, inner, what + ", added");
  }

  @ParameterizedTest
  @MethodSource("io.penstock.compute.Computing#withCublas")
  void everyHeadOfEveryRowIsAProductOfItsOwn(Computing c) {
    long rows = 2;
    long heads = 3;
    long length = 5;
    long width = 4;
    INDArray vectors = c.random(1, rows * length, 2 * heads * width);
    Matrices left = Matrices.sideBySide(vectors, 0, rows, heads, width);
    Matrices right = Matrices.sideBySide(vectors, heads * width, rows, heads, width);
    INDArray scores = c.random(2, rows, heads, length, length);
    c.compute().products().multiply(left, false, right, true, 0.5, Matrices.dense(scores));
    for (long r = 0; r < rows; r++) {
      for (long h = 0; h < heads; h++) {
        for (long i = 0; i < length; i++) {
          for (long j = 0; j < length; j++) {
            double sum = 0;
            for (long k = 0; k < width; k++) {
              sum +=
                  vectors.getDouble(r * length + i, h * width + k)
                      * vectors.getDouble(r * length + j, (heads + h) * width + k);
            }
            assertEquals(sum / 2, scores.getDouble(r, h, i, j), c.tolerance(width));
          }
        }
      }
    }
  }
}
