package io.penstock.train;

import io.penstock.compute.Compute;
import io.penstock.nn.Loss;
import io.penstock.nn.SampleWeights;
import io.penstock.nn.Shape;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Loss as a user may write it, who knows of the host's memory alone.
 *
 * @param loss that it is
 */
record OwnLoss(Loss loss) implements Loss {
  @Override
  public String name() {
    return "own";
  }

  @Override
  public double score(INDArray output, INDArray labels, SampleWeights weights, Compute compute) {
    output.sumNumber(); // which no array of a device's may be asked
    return loss.score(output, labels, weights, compute);
  }

  @Override
  public double gradient(
      INDArray output,
      INDArray labels,
      SampleWeights weights,
      double scale,
      INDArray gradient,
      Compute compute) {
    gradient.assign(0);
    return loss.gradient(output, labels, weights, scale, gradient, compute);
  }

  @Override
  public INDArray prediction(INDArray output, Compute compute) {
    return loss.prediction(output, compute);
  }

  @Override
  public int labelWidth(Shape output) {
    return loss.labelWidth(output);
  }

  @Override
  public void checkOutput(Shape output) {
    loss.checkOutput(output);
  }
}
