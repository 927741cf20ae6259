package io.penstock.compute;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The recurrent cells of every kind, against loops in double precision; their gradients, against
 * differences of those.
 */
class RecurrencesContractTest {
  private static final int[] SIZES = {1, 3, 7, 17, 33};
  private static final double H = 1e-5;

  private static double[] numbers(INDArray array) {
    return array == null ? null : array.dup('c').data().asDouble();
  }

  private static double sigmoid(double x) {
    return 1 / (1 + Math.exp(-x));
  }

  /** Of one unit: its gates' values, cell, the cell's tanh, and output. */
  private static double[] lstm(double[] gates, double before) {
    double i = sigmoid(gates[0]);
    double f = sigmoid(gates[1]);
    double o = sigmoid(gates[2]);
    double c = Math.tanh(gates[3]);
    double cell = i * c + f * before;
    return new double[] {i, f, o, c, cell, Math.tanh(cell), o * Math.tanh(cell)};
  }

  /** Of one unit: its gates' values and output. */
  private static double[] gru(double[] gates, double[] states, double before) {
    double r = sigmoid(gates[0] + states[0]);
    double z = sigmoid(gates[1] + states[1]);
    double c = Math.tanh(gates[2] + r * states[2]);
    return new double[] {r, z, c, (1 - z) * c + z * before};
  }

  /** The gates of one unit. */
  private static double[] unit(double[] all, int gates, int width, int at) {
    double[] own = new double[gates];
    for (int g = 0; g < gates; g++) {
      own[g] = all[at / width * gates * width + g * width + at % width];
    }
    return own;
  }

  /** How much a result changes with one of the numbers that it depends on. */
  private static double slope(double[] of, int at, ToDoubleFunction<double[]> result) {
    double[] more = of.clone();
    double[] less = of.clone();
    more[at] += H;
    less[at] -= H;
    return (result.applyAsDouble(more) - result.applyAsDouble(less)) / (2 * H);
  }

  @ParameterizedTest
  @MethodSource("io.penstock.compute.Computing#all")
  void lstmsGoByTheirFormulas(Computing c) {
    for (int rows : SIZES) {
      for (int width : SIZES) {
        for (boolean first : new boolean[] {true, false}) {
          lstm(c.compute().recurrences(), c, rows, width, first);
        }
      }
    }
  }

  private static void lstm(
      Recurrences recurrences, Computing c, int rows, int width, boolean first) {
    String what = rows + " rows of " + width;
    INDArray gates = c.random(1, rows, 4L * width);
    INDArray before = first ? null : c.random(2, rows, width);
    INDArray cells = c.room(rows, width);
    INDArray squashed = c.room(rows, width);
    INDArray output = c.room(rows, width);
    double[] x = numbers(gates);
    double[] last = first ? new double[rows * width] : numbers(before);
    recurrences.lstm(gates, before, cells, squashed, output);
    double[] values = numbers(gates);
    INDArray outputGradient = c.random(3, rows, width);
    INDArray cellGradient = c.random(4, rows, width);
    INDArray gateGradient = c.room(rows, 4L * width);
    double[] wanted = numbers(outputGradient);
    double[] later = numbers(cellGradient);
    recurrences.lstmGradient(gates, before, squashed, outputGradient, cellGradient, gateGradient);
    double[] slopes = numbers(gateGradient);
    double[] cellsNow = numbers(cells);
    double[] squashedNow = numbers(squashed);
    double[] outputNow = numbers(output);
    double[] cellGradientNow = numbers(cellGradient);
    for (int at = 0; at < rows * width; at++) {
      int own = at;
      double[] unit = unit(x, 4, width, at);
      double[] expected = lstm(unit, last[at]);
      assertArrayEquals(Arrays.copyOf(expected, 4), unit(values, 4, width, at), 2e-6, what);
      assertEquals(expected[4], cellsNow[at], 4e-6, what);
      assertEquals(expected[5], squashedNow[at], 4e-6, what);
      assertEquals(expected[6], outputNow[at], 4e-6, what);
      double[] actual = unit(slopes, 4, width, at);
      for (int g = 0; g < 4; g++) {
        double slope = slope(unit, g, u -> weighed(lstm(u, last[own]), wanted[own], later[own]));
        assertEquals(slope, actual[g], 2e-5, what + " gate " + g);
      }
      double back =
          slope(
              new double[] {last[at]}, 0, l -> weighed(lstm(unit, l[0]), wanted[own], later[own]));
      assertEquals(back, cellGradientNow[at], 2e-5, what);
    }
    assertArrayEquals(values, numbers(gates), 0, "the gradient leaves values alone");
    assertArrayEquals(wanted, numbers(outputGradient), 0, "and what it is told");
  }

  private static double weighed(double[] unit, double ofOutput, double ofCell) {
    return unit[6] * ofOutput + unit[4] * ofCell;
  }

  @ParameterizedTest
  @MethodSource("io.penstock.compute.Computing#all")
  void grusGoByTheirFormulas(Computing c) {
    for (int rows : SIZES) {
      for (int width : SIZES) {
        for (boolean first : new boolean[] {true, false}) {
          gru(c.compute().recurrences(), c, rows, width, first);
        }
      }
    }
  }

  private static void gru(
      Recurrences recurrences, Computing c, int rows, int width, boolean first) {
    String what = rows + " rows of " + width;
    INDArray gates = c.random(1, rows, 3L * width);
    INDArray states = c.random(5, rows, 3L * width);
    INDArray before = first ? null : c.random(2, rows, width);
    INDArray output = c.room(rows, width);
    double[] x = numbers(gates);
    double[] y = numbers(states);
    double[] last = first ? new double[rows * width] : numbers(before);
    recurrences.gru(gates, states, before, output);
    double[] values = numbers(gates);
    INDArray outputGradient = c.random(3, rows, width);
    INDArray fromInputs = c.room(rows, 3L * width);
    INDArray fromStates = c.room(rows, 3L * width);
    INDArray beforeGradient = c.room(rows, width);
    double[] wanted = numbers(outputGradient);
    recurrences.gruGradient(
        gates, states, before, outputGradient, fromInputs, fromStates, beforeGradient);
    double[] inputs = numbers(fromInputs);
    double[] fed = numbers(fromStates);
    double[] outputNow = numbers(output);
    double[] beforeGradientNow = numbers(beforeGradient);
    for (int at = 0; at < rows * width; at++) {
      int own = at;
      double[] unit = unit(x, 3, width, at);
      double[] state = unit(y, 3, width, at);
      double[] expected = gru(unit, state, last[at]);
      assertArrayEquals(Arrays.copyOf(expected, 3), unit(values, 3, width, at), 2e-6, what);
      assertEquals(expected[3], outputNow[at], 4e-6, what);
      for (int g = 0; g < 3; g++) {
        double ofInput = slope(unit, g, u -> gru(u, state, last[own])[3] * wanted[own]);
        assertEquals(ofInput, unit(inputs, 3, width, at)[g], 2e-5, what + " gate " + g);
        double ofState = slope(state, g, u -> gru(unit, u, last[own])[3] * wanted[own]);
        assertEquals(ofState, unit(fed, 3, width, at)[g], 2e-5, what + " gate " + g);
      }
      double back = slope(new double[] {last[at]}, 0, l -> gru(unit, state, l[0])[3] * wanted[own]);
      assertEquals(back, beforeGradientNow[at], 2e-5, what);
    }
    assertArrayEquals(y, numbers(states), 0, "states are left alone");
    assertArrayEquals(values, numbers(gates), 0, "the gradient leaves values alone");
    assertArrayEquals(wanted, numbers(outputGradient), 0, "and what it is told");
  }
}
