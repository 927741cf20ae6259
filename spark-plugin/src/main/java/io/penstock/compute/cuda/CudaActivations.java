package io.penstock.compute.cuda;

import io.penstock.compute.Activations;
import io.penstock.compute.Vectors;
import java.util.Arrays;
import java.util.Locale;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Activation functions and softmax by the kernels of {@code activations.cu}. What is not a number
 * stays so, and a row with one is none either, as with {@code plain}. For one thread.
 */
final class CudaActivations implements Activations {
  private static final String[] FORWARD = kernels("forward_");
  private static final String[] BACKWARD = kernels("backward_");

  private final Launcher launcher;

  CudaActivations(Launcher launcher) {
    this.launcher = launcher;
  }

  /** Names of one direction's kernels, by function. */
  private static String[] kernels(String direction) {
    return Arrays.stream(Function.values())
        .map(function -> direction + function.name().toLowerCase(Locale.ROOT))
        .toArray(String[]::new);
  }

  @Override
  public boolean keepsOutput(Function function) {
    return switch (function) {
      case RELU, LEAKY_RELU, ELU, SOFTPLUS, SIGMOID, TANH -> true;
      case GELU, GELU_TANH, GELU_SIGMOID, SWISH -> false;
    };
  }

  @Override
  public void forward(Function function, INDArray input, INDArray output) {
    long count = input.length();
    launcher
        .kernel(FORWARD[function.ordinal()])
        .array(input)
        .array(output)
        .whole(count)
        .each(count);
  }

  @Override
  public void backward(
      Function function, INDArray kept, INDArray outputGradient, INDArray inputGradient) {
    long count = kept.length();
    launcher
        .kernel(BACKWARD[function.ordinal()])
        .array(kept)
        .array(outputGradient)
        .array(inputGradient)
        .whole(count)
        .each(count);
  }

  @Override
  public void softmax(INDArray numbers) {
    long rows = Vectors.count(numbers);
    long width = Vectors.width(numbers);
    Team.of(width).launch(launcher.kernel("softmax").array(numbers).whole(rows).whole(width), rows);
  }

  @Override
  public void softmaxGradient(INDArray output, INDArray gradient) {
    long rows = Vectors.count(output);
    long width = Vectors.width(output);
    Launcher arguments =
        launcher.kernel("softmax_gradient").array(output).array(gradient).whole(rows).whole(width);
    Team.of(width).launch(arguments, rows);
  }

  @Override
  public void addAboveDiagonal(INDArray squares, double value) {
    long lines = Vectors.count(squares);
    long length = Vectors.width(squares);
    Launcher arguments =
        launcher
            .kernel("add_above_diagonal")
            .array(squares)
            .whole(lines)
            .whole(length)
            .number(value);
    Team.of(length).launch(arguments, lines);
  }
}
