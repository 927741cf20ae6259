package io.penstock.gpucheck;

import io.penstock.compute.Activations;
import io.penstock.compute.Activations.Function;
import io.penstock.compute.Compute;
import java.util.Locale;
import org.nd4j.linalg.api.ndarray.INDArray;

/** What is asked of activation functions, softmax and the cells of recurrent layers. */
final class CellCases {
  private static final float[] ODD = {
    Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, 0, -0f, 1e-40f, 88, -88, 200, -200
  };

  private CellCases() {}

  static void addTo(KernelCases cases) {
    for (Function function : Function.values()) {
      String name = function.name().toLowerCase(Locale.ROOT);
      cases.add(
          "activation " + name,
          KernelCases.SUM,
          (compute, given) -> {
            INDArray input = given.random(10_007);
            INDArray output = given.room(10_007);
            Activations activations = compute.activations();
            activations.forward(function, input, output);
            INDArray kept = activations.keepsOutput(function) ? output : input;
            activations.backward(function, kept, given.random(10_007), given.room(10_007));
          });
    }
    for (Function function : new Function[] {Function.RELU, Function.SIGMOID, Function.TANH}) {
      cases.add(
          "activation " + function.name().toLowerCase(Locale.ROOT) + " of what is no number",
          KernelCases.EACH,
          (compute, given) ->
              compute.activations().forward(function, given.of(ODD), given.room(ODD.length)));
    }
    for (int width : new int[] {3, 100, 1024}) {
      cases.add(
          "softmax of " + width,
          KernelCases.SUM,
          (compute, given) -> {
            INDArray numbers = given.random(33, width);
            compute.activations().softmax(numbers);
            compute.activations().softmaxGradient(numbers, given.random(33, width));
          });
    }
    cases.add(
        "causal mask",
        KernelCases.EACH,
        (compute, given) ->
            compute.activations().addAboveDiagonal(given.random(3, 2, 65, 65), -1e3));
    for (boolean first : new boolean[] {true, false}) {
      String step = first ? ", first step" : ", a later step";
      cases.add("LSTM" + step, KernelCases.SUM, (compute, given) -> lstm(compute, given, first));
      cases.add("GRU" + step, KernelCases.SUM, (compute, given) -> gru(compute, given, first));
    }
  }

  private static void lstm(Compute compute, Given given, boolean first) {
    INDArray gates = given.random(37, 4 * 19);
    INDArray before = first ? null : given.random(37, 19);
    INDArray squashed = given.room(37, 19);
    compute.recurrences().lstm(gates, before, given.room(37, 19), squashed, given.room(37, 19));
    compute
        .recurrences()
        .lstmGradient(
            gates,
            before,
            squashed,
            given.random(37, 19),
            given.random(37, 19),
            given.room(37, 4 * 19));
  }

  private static void gru(Compute compute, Given given, boolean first) {
    INDArray gates = given.random(37, 3 * 19);
    INDArray states = given.random(37, 3 * 19);
    INDArray before = first ? null : given.random(37, 19);
    compute.recurrences().gru(gates, states, before, given.room(37, 19));
    compute
        .recurrences()
        .gruGradient(
            gates,
            states,
            before,
            given.random(37, 19),
            given.room(37, 3 * 19),
            given.room(37, 3 * 19),
            given.room(37, 19));
  }
}
