package io.penstock.compute;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The losses of every kind, against loops in double precision. */
class LossesContractTest {
  /** With some on both sides of where kernels for many classes begin. */
  private static final int[] CLASSES = {2, 3, 17, 63, 64, 65, 129};

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
          double[] z = numbers(logits);
          int[] labels = new int[rows];
          double[] weights = new double[rows];
          for (int row = 0; row < rows; row++) {
            labels[row] = row % 5 == 4 ? -1 : row * 7 % classes;
            weights[row] = 0.5 + row % 3;
          }
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
}
