package io.penstock.nn.loss;

import io.penstock.nn.Loss;
import java.util.List;

/**
 * Factory of the losses: softmax and sigmoid cross-entropy, squared and absolute error, Huber.
 * Stateless.
 */
public final class Losses {
  private static final SoftmaxCrossEntropy SOFTMAX = new SoftmaxCrossEntropy(0);

  private static final List<Loss> ALL =
      List.of(
          SOFTMAX,
          new SigmoidCrossEntropy(),
          new SquaredError(),
          new AbsoluteError(),
          new Huber(1));

  private Losses() {}

  /**
   * Softmax cross-entropy, for classes: {@code -log softmax(output)[label]}; a label is one class
   * id, 0, 1, and so on, or one for each place of a sequence, where a negative one is padding. See
   * {@link SoftmaxCrossEntropy#smoothed}.
   */
  public static SoftmaxCrossEntropy softmaxCrossEntropy() {
    return SOFTMAX;
  }

  /**
   * Sigmoid cross-entropy, for several questions of yes or no at once: the mean over outputs of
   * {@code -log σ(output)} where the label is 1 and {@code -log(1 - σ(output))} where it is 0. A
   * label between is the probability of a yes.
   */
  public static Loss sigmoidCrossEntropy() {
    return ALL.get(1);
  }

  /**
   * Mean squared error, for numbers: the mean over outputs of {@code (output - label)²}, without a
   * half.
   */
  public static Loss squaredError() {
    return ALL.get(2);
  }

  /**
   * Mean absolute error, for numbers with outliers: the mean over outputs of {@code |output -
   * label|}.
   */
  public static Loss absoluteError() {
    return ALL.get(3);
  }

  /**
   * Huber loss, for numbers with outliers, smooth at 0: the mean over outputs of {@code d² / 2} for
   * a difference d of at most {@code delta} in size, and {@code delta (|d| - delta / 2)} beyond
   * (Huber, 1964, "Robust estimation of a location parameter").
   *
   * @param delta where the square turns into a line, in the labels' unit
   * @throws IllegalArgumentException unless it is a positive number
   */
  public static Loss huber(double delta) {
    return new Huber(delta);
  }

  /**
   * Returns the loss of this name with its usual settings: {@code softmaxCrossEntropy}, {@code
   * sigmoidCrossEntropy}, {@code squaredError}, {@code absoluteError} or {@code huber} (delta 1).
   *
   * @throws IllegalArgumentException if there is none; the message lists the names
   */
  public static Loss named(String name) {
    return ALL.stream()
        .filter(loss -> loss.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "Unknown loss '"
                        + name
                        + "'; use one of "
                        + ALL.stream().map(Loss::name).toList()
                        + "."));
  }
}
