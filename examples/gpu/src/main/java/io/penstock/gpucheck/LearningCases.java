package io.penstock.gpucheck;

import io.penstock.Amount;
import io.penstock.compute.Compute;
import io.penstock.compute.Losses;
import io.penstock.compute.SoftmaxBlock;
import io.penstock.compute.Updates;
import java.util.List;
import java.util.Locale;
import org.nd4j.linalg.api.ndarray.INDArray;

/** What is asked of losses and optimizers. */
final class LearningCases {
  private static final List<Updates.Rule> RULES =
      List.of(
          new Updates.Sgd(0.1),
          new Updates.Nesterovs(0.1, 0.9),
          new Updates.Adam(0.01, 0.9, 0.999, 1e-8),
          new Updates.AmsGrad(0.01, 0.9, 0.999, 1e-8),
          new Updates.Nadam(0.01, 0.9, 0.999, 1e-8));

  private LearningCases() {}

  /** Labels of rows that all count alike. */
  record Labels(int[] labels, double weight) implements Losses.Targets {
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
      return weight;
    }
  }

  /** Wanted numbers that are 0 and 1 in turn. */
  private record Signs() implements Losses.WantedNumbers {
    @Override
    public double label(long place) {
      return place % 2;
    }

    @Override
    public double weight(long row) {
      return 0.5 + row % 3;
    }
  }

  static void addTo(KernelCases cases) {
    for (int classes : new int[] {10, 1000}) {
      cases.add(
          "softmax cross-entropy of " + new Amount(classes, "class"),
          KernelCases.SUM,
          (compute, given) -> {
            Labels labels = new Labels(given.ids(77, classes), 0.5);
            INDArray logits = given.random(77, classes);
            INDArray gradient = given.room(77, classes);
            given.result(compute.losses().softmaxCrossEntropy(logits, labels, 0.1, 0.25, gradient));
            given.result(compute.losses().softmaxCrossEntropy(logits, labels, 0, 1, null));
          });
      cases.add(
          "softmax cross-entropy of " + new Amount(classes, "class") + " in two blocks",
          KernelCases.SUM,
          (compute, given) -> blocks(compute, given, classes));
    }
    for (Losses.Difference difference : Losses.Difference.values()) {
      cases.add(
          "loss by numbers: " + difference.name().toLowerCase(Locale.ROOT),
          KernelCases.SUM,
          (compute, given) -> {
            INDArray outputs = given.random(77, 5);
            INDArray gradient = given.room(77, 5);
            given.result(
                compute.losses().numbers(difference, 0.7, outputs, new Signs(), 0.25, gradient));
          });
    }
    for (Updates.Rule rule : RULES) {
      cases.add(
          "optimizer " + rule.getClass().getSimpleName(),
          KernelCases.SUM,
          (compute, given) -> {
            INDArray gradient = given.random(10_007);
            given.undefined(gradient);
            compute
                .updates()
                .step(rule, given.positive(3 * 10_007), gradient, given.random(10_007));
          });
    }
    cases.add(
        "clipped gradients",
        KernelCases.EACH,
        (compute, given) -> compute.updates().clip(given.random(10_007), 0.5));
  }

  private static void blocks(Compute compute, Given given, int classes) {
    int rows = 33;
    SoftmaxBlock[] blocks = new SoftmaxBlock[2];
    INDArray[] softmax = new INDArray[2];
    INDArray before = null;
    for (int i = 0; i < 2; i++) {
      INDArray after = given.room(rows, SoftmaxBlock.STATE);
      softmax[i] = given.random(rows, classes);
      int[] columns = new int[rows];
      for (int row = 0; row < rows; row++) {
        columns[row] = row % 2 == i ? row * 7 % classes : -1;
      }
      blocks[i] = new SoftmaxBlock(i * classes, columns, before, after, given.room(rows));
      compute.losses().takeBlock(softmax[i], blocks[i]);
      before = after;
    }
    Labels labels = new Labels(given.ids(rows, 2 * classes), 0.5);
    INDArray back = given.room(rows, SoftmaxBlock.STATE);
    given.result(compute.losses().blockCrossEntropy(before, labels, 2 * classes, 0.1, 0.25, back));
    for (int i = 1; i >= 0; i--) {
      INDArray earlier = i == 0 ? null : given.room(rows, SoftmaxBlock.STATE);
      compute
          .losses()
          .blockGradient(softmax[i], blocks[i], back, given.room(rows, classes), earlier);
      back = earlier;
    }
  }
}
