package io.penstock.train;

import io.penstock.nn.Metric;
import io.penstock.nn.SampleWeights;
import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Tally of a metric over all rows, summed in ascending order of mini-batches and micro-batches. For
 * the rank's thread.
 */
final class MetricTally implements OutputConsumer {
  private final Metric metric;
  private double[] sums = {};
  private double[] counts = {};
  private double sum;
  private double count;

  MetricTally(Metric metric) {
    this.metric = metric;
  }

  @Override
  public void startStep(int microBatches) {
    sums = new double[microBatches];
    counts = new double[microBatches];
  }

  @Override
  public void take(int microBatch, INDArray output, INDArray labels, SampleWeights weights) {
    sums[microBatch] = metric.sum(output, labels, weights);
    counts[microBatch] = metric.count(labels, weights);
  }

  @Override
  public void endStep() {
    sum += Arrays.stream(sums).reduce(0, Double::sum);
    count += Arrays.stream(counts).reduce(0, Double::sum);
  }

  double value() {
    return metric.value(sum, count);
  }
}
