package io.penstock.nn.loss;

import static io.penstock.compute.SoftmaxBlock.BEST;
import static io.penstock.compute.SoftmaxBlock.STATE;

import io.penstock.Amount;
import io.penstock.array.NativeArrays;
import io.penstock.compute.Compute;
import io.penstock.nn.ClassLabels;
import io.penstock.nn.Loss;
import io.penstock.nn.Metric;
import io.penstock.nn.SampleWeights;
import io.penstock.nn.Shape;
import io.penstock.nn.ShapeException;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Softmax cross-entropy of a softmax that came a block of classes at a time, so that no row of all
 * logits is ever there: what {@link io.penstock.nn.layer.OutputBlock}s are trained by. Its outputs
 * are the states that their {@link io.penstock.compute.SoftmaxBlock} leaves. Immutable.
 *
 * @param whole the loss that it is of the logits
 * @param classes how many there are
 */
public record BlockCrossEntropy(SoftmaxCrossEntropy whole, int classes) implements Loss {
  @Override
  public boolean computesAnywhere() {
    return true;
  }

  @Override
  public String name() {
    return whole.name();
  }

  @Override
  public Metric metric() {
    return Metric.namedHit(BEST);
  }

  @Override
  public double score(INDArray output, INDArray labels, SampleWeights weights, Compute compute) {
    return run(output, labels, weights, 0, null, compute);
  }

  @Override
  public double gradient(
      INDArray output,
      INDArray labels,
      SampleWeights weights,
      double scale,
      INDArray gradient,
      Compute compute) {
    return run(output, labels, weights, scale, gradient, compute);
  }

  private double run(
      INDArray output,
      INDArray labels,
      SampleWeights weights,
      double scale,
      INDArray gradient,
      Compute compute) {
    weights.check(output.size(0));
    ClassLabels ids = ClassLabels.of(output, labels, classes);
    INDArray states = NativeArrays.ordered(output, 'c');
    return compute
        .losses()
        .blockCrossEntropy(
            states, whole.wanted(ids, weights), classes, whole.smoothing(), scale, gradient);
  }

  @Override
  public double weight(INDArray labels, SampleWeights weights) {
    return whole.weight(labels, weights);
  }

  @Override
  public boolean countsEveryRowOnce(Shape output) {
    return whole.countsEveryRowOnce(output);
  }

  /**
   * Refuses to predict: the probabilities of the classes are not in these outputs.
   *
   * @throws UnsupportedOperationException always
   */
  @Override
  public INDArray prediction(INDArray output, Compute compute) {
    throw new UnsupportedOperationException(
        "These outputs are a softmax's sums, from which no probabilities can be told; predict with"
            + " the network as it is described, which makes logits.");
  }

  @Override
  public int labelWidth(Shape output) {
    return whole.labelWidth(output);
  }

  @Override
  public void checkOutput(Shape output) {
    if (output.rank() > 2 || output.dims().get(output.rank() - 1) != STATE) {
      throw new ShapeException(
          "The loss of a softmax by blocks takes "
              + new Amount(STATE, "number")
              + " of each row, or of each place of a sequence, but output rows have shape "
              + output
              + "; end the network with the blocks.");
    }
  }
}
