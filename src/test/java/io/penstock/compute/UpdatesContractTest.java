package io.penstock.compute;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.penstock.array.NativeArrays;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The steps that every kind takes, against loops in double precision. */
class UpdatesContractTest {
  private static final int[] SIZES = {1, 2, 3, 7, 8, 17, 33, 64, 1001, 33_001};
  private static final int STEPS = 5;

  /** What lies beside the arrays of a step. */
  private static final double GUARD = 77;

  /** Numbers that floats have, or what is left of 1 would not be the same. */
  private static final List<Updates.Rule> RULES =
      List.of(
          new Updates.Sgd(0.25),
          new Updates.Nesterovs(0.125, 0.875),
          new Updates.Adam(0.01, 0.875, 1 - 0x1p-10, 1e-4),
          new Updates.AmsGrad(0.01, 0.875, 1 - 0x1p-7, 1e-4),
          new Updates.Nadam(0.01, 0.75, 1 - 0x1p-10, 1e-4));

  private static int arrays(Updates.Rule rule) {
    return rule instanceof Updates.Sgd
        ? 0
        : rule instanceof Updates.Nesterovs ? 1 : rule instanceof Updates.AmsGrad ? 3 : 2;
  }

  /** One number's step: changes its state and returns what is added to the weight. */
  private static double step(Updates.Rule rule, double g, double[] s) {
    if (rule instanceof Updates.Sgd r) {
      return -r.rate() * g;
    }
    if (rule instanceof Updates.Nesterovs r) {
      double before = s[0];
      s[0] = r.momentum() * before - r.rate() * g;
      return (1 + r.momentum()) * s[0] - r.momentum() * before;
    }
    if (rule instanceof Updates.Adam r) {
      moments(s, g, r.beta1(), r.beta2());
      return -r.rate() * s[0] / (Math.sqrt(s[1]) + r.epsilon());
    }
    if (rule instanceof Updates.AmsGrad r) {
      moments(s, g, r.beta1(), r.beta2());
      s[2] = Math.max(s[2], s[1]);
      return -r.rate() * s[0] / (Math.sqrt(s[2]) + r.epsilon());
    }
    Updates.Nadam r = (Updates.Nadam) rule;
    moments(s, g, r.beta1(), r.beta2());
    double ahead = r.beta1() * s[0] + (1 - r.beta1()) * g;
    return -r.rate() * ahead / (Math.sqrt(s[1]) + r.epsilon());
  }

  private static void moments(double[] s, double g, double beta1, double beta2) {
    s[0] = beta1 * s[0] + (1 - beta1) * g;
    s[1] = beta2 * s[1] + (1 - beta2) * g * g;
  }

  private static double[] numbers(INDArray array) {
    return array.dup('c').data().asDouble();
  }

  /** Room for so many numbers in the midst of guards. */
  private static INDArray guarded(Computing c, long length) {
    return NativeArrays.array(c.type(), 'c', length + 16).assign(GUARD);
  }

  private static void assertGuards(INDArray guarded, int offset, long length) {
    double[] all = numbers(guarded);
    for (int i = 0; i < all.length; i++) {
      if (i < offset || i >= offset + length) {
        assertEquals(GUARD, all[i], 0, "beside the array, at " + i);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("io.penstock.compute.Computing#all")
  void stepsAreThoseOfTheFormulas(Computing c) {
    double tolerance = c.type() == DataType.FLOAT ? 1e-6 : 1e-12;
    for (Updates.Rule rule : RULES) {
      for (int size : SIZES) {
        INDArray weights = c.random(size, size);
        INDArray state = NativeArrays.array(c.type(), 'c', size * arrays(rule)).assign(0);
        double[] w = numbers(weights);
        double[][] s = new double[size][arrays(rule)];
        for (int step = 0; step < STEPS; step++) {
          INDArray gradient = c.random(100 + step, size);
          double[] g = numbers(gradient);
          c.compute().updates().step(rule, state, gradient, weights);
          for (int i = 0; i < size; i++) {
            w[i] += step(rule, g[i], s[i]);
          }
        }
        double[] actual = numbers(weights);
        double[] kept = numbers(state);
        for (int i = 0; i < size; i++) {
          assertEquals(w[i], actual[i], tolerance * (1 + Math.abs(w[i])), rule + " " + i);
          for (int k = 0; k < arrays(rule); k++) {
            double wanted = s[i][k];
            double found = kept[k * size + i];
            assertEquals(wanted, found, tolerance * (1 + Math.abs(wanted)), rule + " state " + k);
          }
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("io.penstock.compute.Computing#all")
  void bitsAreTheSameWhereverArraysLieAndNothingBesideThemChanges(Computing c) {
    for (Updates.Rule rule : RULES) {
      for (int size : new int[] {1, 7, 33, 100}) {
        long stateSize = (long) size * arrays(rule);
        double[] first = null;
        for (int offset = 0; offset < 9; offset++) {
          INDArray weights = guarded(c, size);
          INDArray state = guarded(c, stateSize);
          INDArray gradients = guarded(c, size);
          INDArray w = NativeArrays.view(weights, offset, size);
          INDArray g = NativeArrays.view(gradients, 8 - offset, size);
          INDArray s = stateSize == 0 ? null : NativeArrays.view(state, offset, stateSize);
          w.assign(c.random(1, size));
          if (s != null) {
            s.assign(0);
          }
          for (int step = 0; step < STEPS; step++) {
            g.assign(c.random(100 + step, size));
            c.compute().updates().step(rule, s, g, w);
          }
          assertGuards(weights, offset, size);
          assertGuards(gradients, 8 - offset, size);
          assertGuards(state, offset, stateSize);
          double[] all = s == null ? numbers(w) : concat(numbers(w), numbers(s));
          first = first == null ? all : first;
          assertArrayEquals(first, all, 0, rule + " at " + offset);
        }
      }
    }
  }

  private static double[] concat(double[] a, double[] b) {
    double[] both = Arrays.copyOf(a, a.length + b.length);
    System.arraycopy(b, 0, both, a.length, b.length);
    return both;
  }

  @ParameterizedTest
  @MethodSource("io.penstock.compute.Computing#all")
  void numbersAreCutToTheLimitOnBothSides(Computing c) {
    for (int size : SIZES) {
      INDArray gradient = c.random(size, size);
      double[] before = numbers(gradient);
      c.compute().updates().clip(gradient, 0.5);
      double[] after = numbers(gradient);
      for (int i = 0; i < size; i++) {
        assertEquals(Math.max(-0.5, Math.min(0.5, before[i])), after[i], 0);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("io.penstock.compute.Computing#all")
  void whatIsNotANumberStaysSoAndInfiniteOnesAreCut(Computing c) {
    double[] notFinite = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY};
    double[] wanted = {Double.NaN, 0.5, -0.5};
    for (int size : SIZES) {
      for (int kind = 0; kind < notFinite.length; kind++) {
        for (int at = 0; at < size; at += 1 + size / 3) {
          INDArray gradient = c.random(size, size);
          double[] before = numbers(gradient);
          gradient.putScalar(at, notFinite[kind]);
          c.compute().updates().clip(gradient, 0.5);
          double[] after = numbers(gradient);
          for (int i = 0; i < size; i++) {
            double cut = Math.max(-0.5, Math.min(0.5, before[i]));
            assertEquals(i == at ? wanted[kind] : cut, after[i], 0, size + " numbers, at " + i);
          }
        }
      }
    }
  }
}
