package io.penstock.compute;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The losses of every kind, against loops in double precision. */
class LossesContractTest {
  /** With some on both sides of where kernels for many classes begin, and a vocabulary. */
  private static final int[] CLASSES = {2, 3, 17, 63, 64, 65, 129, 5000};

  private record Given(int[] labels, double[] weights) implements Losses.Targets {
    @Override
    public int count() {
      return labels.length;
    }

    @Override
    public int label(int row) {
      return labels[row];
    }

    @Override
    public double weight(int row) {
      return weights[row];
    }
  }

  private static double[] numbers(INDArray array) {
    return array.dup('c').data().asDouble();
  }

  @ParameterizedTest
  @MethodSource("io.penstock.compute.Computing#all")
  void crossEntropyIsThatOfTheFormula(Computing c) {
    for (int rows : new int[] {1, 3, 7, 33}) {
      for (int classes : CLASSES) {
        for (double smoothing : new double[] {0, 0.1}) {
          INDArray logits = c.random(classes, rows, classes).muli(4);
          int[] labels = new int[rows];
          double[] weights = new double[rows];
          for (int row = 0; row < rows; row++) {
            labels[row] = row % 5 == 4 ? -1 : row * 7 % classes;
            weights[row] = 0.5 + row % 3;
            if (labels[row] < 0) {
              logits.getRow(row).assign(Double.NaN); // what counts nothing may be anything
            }
          }
          double[] z = numbers(logits);
          Losses.Targets targets = new Given(labels, weights);
          INDArray gradient = c.room(rows, classes);
          Losses losses = c.compute().losses();
          double score = losses.softmaxCrossEntropy(logits, targets, smoothing, 0.25, gradient);
          double[] actual = numbers(gradient);
          double expected = 0;
          for (int row = 0; row < rows; row++) {
            double sum = 0;
            double mean = 0;
            for (int i = 0; i < classes; i++) {
              sum += Math.exp(z[row * classes + i]);
              mean += z[row * classes + i] / classes;
            }
            for (int i = 0; i < classes; i++) {
              double wanted = smoothing / classes + (i == labels[row] ? 1 - smoothing : 0);
              double slope = Math.exp(z[row * classes + i]) / sum - wanted;
              double whole = labels[row] < 0 ? 0 : 0.25 * weights[row] * slope;
              assertEquals(whole, actual[row * classes + i], 1e-6, rows + " " + classes);
            }
            if (labels[row] >= 0) {
              double label = z[row * classes + labels[row]];
              double likely = (1 - smoothing) * label + smoothing * mean;
              expected += weights[row] * (Math.log(sum) - likely);
            }
          }
          assertEquals(expected, score, 1e-5 * (1 + expected), rows + " " + classes);
          assertArrayEquals(z, numbers(logits), 0, "outputs are left alone");
          double alone = losses.softmaxCrossEntropy(logits, targets, smoothing, 0, null);
          assertEquals(score, alone, 0, "without a gradient");
          INDArray places = gradient.reshape('c', 1, rows, classes).assign(0);
          losses.softmaxCrossEntropy(
              logits.reshape('c', 1, rows, classes), targets, smoothing, 0.25, places);
          assertArrayEquals(actual, numbers(places), 0, "the places of a sequence are rows");
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("io.penstock.compute.Computing#all")
  void largeOutputsDoNotOverflow(Computing c) {
    for (int classes : CLASSES) {
      INDArray logits = c.random(1, 1, classes).assign(-1000);
      logits.putScalar(0, 1, 1000);
      double score =
          c.compute()
              .losses()
              .softmaxCrossEntropy(logits, new Given(new int[1], new double[] {1}), 0, 1, null);
      assertEquals(2000, score, 1e-9);
    }
  }

  /** State and gradients of a softmax that is taken in blocks, against loops over all classes. */
  @ParameterizedTest
  @MethodSource("io.penstock.compute.Computing#all")
  void blocksInARowAreTheWholeSoftmax(Computing c) {
    Losses losses = c.compute().losses();
    for (int rows : new int[] {1, 3, 33}) {
      for (int[] widths : new int[][] {{2, 1, 4}, {70, 64, 3}, {130, 200}, {3000, 2500}}) {
        int classes = Arrays.stream(widths).sum();
        INDArray all = c.random(3, rows, classes).muli(6);
        double[] z = numbers(all);
        // Each row's largest logit is in another block.
        for (int row = 0; row < rows; row++) {
          z[row * classes + row * 13 % classes] += 9;
        }
        List<INDArray> softmax = new ArrayList<>();
        List<SoftmaxBlock> blocks = new ArrayList<>();
        INDArray before = null;
        int first = 0;
        for (int width : widths) {
          INDArray part = c.room(rows, width);
          int[] columns = new int[rows];
          for (int row = 0; row < rows; row++) {
            for (int i = 0; i < width; i++) {
              part.putScalar(row, i, z[row * classes + first + i]);
            }
            int label = row * 7 % classes - first;
            columns[row] = row % 5 != 4 && 0 <= label && label < width ? label : -1;
          }
          INDArray after = c.room(rows, SoftmaxBlock.STATE);
          SoftmaxBlock block = new SoftmaxBlock(first, columns, before, after, c.room(rows));
          losses.takeBlock(part, block);
          softmax.add(part);
          blocks.add(block);
          before = after;
          first += width;
        }
        String what = rows + " rows of " + Arrays.toString(widths);
        double[] state = numbers(before);
        INDArray stateGradient = c.random(5, rows, SoftmaxBlock.STATE);
        double[] slope = numbers(stateGradient);
        double[] expected = new double[rows * classes];
        for (int row = 0; row < rows; row++) {
          int at = row * SoftmaxBlock.STATE;
          int best = 0;
          double total = 0;
          for (int i = 0; i < classes; i++) {
            z[row * classes + i] =
                c.type() == DataType.FLOAT ? (float) z[row * classes + i] : z[row * classes + i];
            total += z[row * classes + i];
            best = z[row * classes + i] > z[row * classes + best] ? i : best;
          }
          double max = z[row * classes + best];
          double sum = 0;
          for (int i = 0; i < classes; i++) {
            sum += Math.exp(z[row * classes + i] - max);
          }
          int label = row % 5 == 4 ? -1 : row * 7 % classes;
          double near = c.tolerance(classes);
          assertEquals(max, state[at + SoftmaxBlock.MAX], 0, what);
          assertEquals(best, state[at + SoftmaxBlock.BEST], 0, what);
          assertEquals(sum, state[at + SoftmaxBlock.SUM], near * sum, what);
          assertEquals(total, state[at + SoftmaxBlock.TOTAL], 20 * near, what);
          assertEquals(
              label < 0 ? 0 : z[row * classes + label], state[at + SoftmaxBlock.LABEL], 0, what);
          for (int i = 0; i < classes; i++) {
            expected[row * classes + i] =
                slope[at + SoftmaxBlock.SUM] * Math.exp(z[row * classes + i] - max)
                    + slope[at + SoftmaxBlock.TOTAL]
                    + (i == label ? slope[at + SoftmaxBlock.LABEL] : 0);
          }
        }
        INDArray back = stateGradient;
        for (int i = widths.length - 1; i >= 0; i--) {
          first -= widths[i];
          INDArray gradient = c.room(rows, widths[i]);
          INDArray earlier = i == 0 ? null : c.room(rows, SoftmaxBlock.STATE);
          losses.blockGradient(softmax.get(i), blocks.get(i), back, gradient, earlier);
          double[] wanted = new double[rows * widths[i]];
          for (int row = 0; row < rows; row++) {
            System.arraycopy(expected, row * classes + first, wanted, row * widths[i], widths[i]);
          }
          c.assertClose(wanted, gradient, what + ", block " + i);
          back = earlier;
        }
      }
    }
  }

  /** A softmax that came in blocks has the loss and the gradient of one that came at once. */
  @ParameterizedTest
  @MethodSource("io.penstock.compute.Computing#all")
  void theLossOfBlocksIsThatOfTheWholeSoftmax(Computing c) {
    Losses losses = c.compute().losses();
    for (int rows : new int[] {1, 3, 300}) {
      for (double smoothing : new double[] {0, 0.1}) {
        int classes = 9;
        int[] labels = new int[rows];
        double[] weights = new double[rows];
        for (int row = 0; row < rows; row++) {
          labels[row] = row % 5 == 4 ? -1 : row * 7 % classes;
          weights[row] = 0.5 + row % 3;
        }
        Losses.Targets targets = new Given(labels, weights);
        INDArray logits = c.random(3, rows, classes).muli(4);
        INDArray wanted = c.room(rows, classes);
        double score = losses.softmaxCrossEntropy(logits, targets, smoothing, 0.25, wanted);
        INDArray states = c.room(rows, SoftmaxBlock.STATE);
        SoftmaxBlock block = new SoftmaxBlock(0, labels, null, states, c.room(rows));
        losses.takeBlock(logits, block);
        double[] before = numbers(states);
        INDArray slope = c.room(rows, SoftmaxBlock.STATE);
        double own = losses.blockCrossEntropy(states, targets, classes, smoothing, 0.25, slope);
        assertEquals(score, own, 1e-5 * (1 + score), rows + " rows");
        assertArrayEquals(before, numbers(states), 0, "states are left alone");
        double alone = losses.blockCrossEntropy(states, targets, classes, smoothing, 0, null);
        assertEquals(own, alone, 0, "without a gradient");
        INDArray gradient = c.room(rows, classes);
        losses.blockGradient(logits, block, slope, gradient, null);
        c.assertClose(numbers(wanted), gradient, rows + " rows");
      }
    }
  }

  private record Compared(double[] labels, double[] weights) implements Losses.WantedNumbers {
    @Override
    public double label(long place) {
      return labels[(int) place];
    }

    @Override
    public double weight(long row) {
      return weights[(int) row];
    }
  }

  private static double loss(Losses.Difference difference, double parameter, double y, double t) {
    double size = Math.abs(y - t);
    return switch (difference) {
      case SQUARED -> size * size;
      case ABSOLUTE -> size;
      case HUBER -> size <= parameter ? size * size / 2 : parameter * (size - parameter / 2);
      case SIGMOID -> Math.log(1 + Math.exp(y)) - t * y;
    };
  }

  @ParameterizedTest
  @MethodSource("io.penstock.compute.Computing#all")
  void numbersAreComparedByTheFormula(Computing c) {
    Losses losses = c.compute().losses();
    double step = 1e-6;
    for (Losses.Difference difference : Losses.Difference.values()) {
      for (int rows : new int[] {1, 3, 300}) {
        for (int width : new int[] {1, 7, 33, 700}) {
          INDArray outputs = c.random(5, rows, width).muli(3);
          double[] y = numbers(outputs);
          double[] labels = numbers(c.random(6, rows, width));
          double[] weights = new double[rows];
          for (int row = 0; row < rows; row++) {
            weights[row] = row % 4;
          }
          double parameter = 1.25;
          double expected = 0;
          double[] slopes = new double[y.length];
          for (int i = 0; i < y.length; i++) {
            if (difference == Losses.Difference.SIGMOID) {
              labels[i] = Math.abs(labels[i]) / 100;
            }
            double weight = weights[i / width];
            expected += weight * loss(difference, parameter, y[i], labels[i]) / width;
            double more = loss(difference, parameter, y[i] + step, labels[i]);
            double less = loss(difference, parameter, y[i] - step, labels[i]);
            slopes[i] = 0.25 * weight * (more - less) / (2 * step) / width;
          }
          Compared wanted = new Compared(labels, weights);
          INDArray gradient = c.room(rows, width);
          String what = difference + ", " + rows + " rows of " + width;
          double score = losses.numbers(difference, parameter, outputs, wanted, 0.25, gradient);
          assertEquals(expected, score, 1e-6 * (1 + expected), what);
          double[] actual = numbers(gradient);
          for (int i = 0; i < slopes.length; i++) {
            assertEquals(slopes[i], actual[i], 2e-6 * (1 + Math.abs(slopes[i])), what + " at " + i);
          }
          assertArrayEquals(y, numbers(outputs), 0, "outputs are left alone");
          double alone = losses.numbers(difference, parameter, outputs, wanted, 0, null);
          assertEquals(score, alone, 0, "without a gradient");
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("io.penstock.compute.Computing#all")
  void numbersThatAreEqualAndThoseFarApartHaveFiniteLosses(Computing c) {
    Losses losses = c.compute().losses();
    INDArray outputs = c.room(1, 3);
    outputs.putScalar(0, 0, 2).putScalar(0, 1, 1000).putScalar(0, 2, -1000);
    Compared wanted = new Compared(new double[] {2, 0, 1}, new double[] {3});
    double[][] expected = {
      {3 * (1_000_000 + 1_002_001) / 3.0, 0, 2000, -2002},
      {2001, 0, 1, -1},
      {0.5 * 2001 - 0.25, 0, 0.5, -0.5},
      {Math.log1p(Math.exp(2)) - 4 + 2000, 1 / (1 + Math.exp(-2)) - 2, 1, -1}
    };
    for (Losses.Difference difference : Losses.Difference.values()) {
      INDArray gradient = c.room(1, 3);
      double[] of = expected[difference.ordinal()];
      double score = losses.numbers(difference, 0.5, outputs, wanted, 1, gradient);
      assertEquals(of[0], score, 1e-7 * of[0], difference::name);
      c.assertClose(Arrays.copyOfRange(of, 1, 4), gradient, difference.name());
    }
    outputs.putScalar(0, 1, Double.NaN);
    for (Losses.Difference difference : Losses.Difference.values()) {
      INDArray gradient = c.room(1, 3);
      assertEquals(Double.NaN, losses.numbers(difference, 0.5, outputs, wanted, 1, gradient));
      assertEquals(Double.NaN, gradient.getDouble(0, 1), difference::name);
    }
  }
}
