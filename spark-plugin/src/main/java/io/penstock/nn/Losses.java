package io.penstock.nn;

import java.util.List;

/** The losses there are. */
public final class Losses {
  private static final List<Loss> ALL = List.of(new SoftmaxCrossEntropy(), new SquaredError());

  private Losses() {}

  /** For classes: {@code -log softmax(output)[label]}; a label is one class id, 0, 1, and so on. */
  public static Loss softmaxCrossEntropy() {
    return ALL.get(0);
  }

  /** For numbers: the mean over outputs of {@code (output - label)²}, without a half. */
  public static Loss squaredError() {
    return ALL.get(1);
  }

  /**
   * The loss of this name, {@code softmaxCrossEntropy} or {@code squaredError}.
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
