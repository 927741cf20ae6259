package io.penstock.nn.loss;

import io.penstock.compute.Activations;
import io.penstock.compute.Compute;
import io.penstock.compute.Memory;
import io.penstock.nn.Metric;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Sigmoid cross-entropy: see {@link Losses#sigmoidCrossEntropy}. */
record SigmoidCrossEntropy() implements NumberLoss {
  @Override
  public String name() {
    return "sigmoidCrossEntropy";
  }

  @Override
  public Metric metric() {
    return Metric.answersHit();
  }

  @Override
  public io.penstock.compute.Losses.Difference difference() {
    return io.penstock.compute.Losses.Difference.SIGMOID;
  }

  @Override
  public void checkLabel(double label, long row) {
    if (!(label >= 0 && label <= 1)) {
      throw new IllegalArgumentException(
          "The label "
              + label
              + " in row "
              + row
              + " is neither no nor yes: give 0, 1, or the probability of a 1.");
    }
  }

  @Override
  public INDArray prediction(INDArray output, Compute compute) {
    INDArray yes = Memory.FRESH.copy(output);
    compute.activations().forward(Activations.Function.SIGMOID, yes, yes);
    return yes;
  }
}
