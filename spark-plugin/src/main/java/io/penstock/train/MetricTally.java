package io.penstock.train;

import io.penstock.nn.Metric;
import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A metric over all rows, summed in ascending order of mini-batches and micro-batches. */
final class MetricTally implements Inferred {
  private final Metric metric;
  private double[] sums = {};
  private double sum;
  private double count;

  MetricTally(Metric metric) {
    this.metric = metric;
  }

  @Override
  public void startStep(int microBatches) {
    sums = new double[microBatches];
  }

  @Override
  public void take(int microBatch, INDArray output, INDArray labels) {
    sums[microBatch] = metric.sum(output, labels);
    count += metric.count(labels);
  }

  @Override
  public void endStep() {
    sum += Arrays.stream(sums).reduce(0, Double::sum);
  }

  double value() {
    return metric.value(sum, count);
  }
}
