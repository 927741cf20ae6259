package io.penstock.nn;

import io.penstock.array.Numbers;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Accuracy: the share of labels that are hit. Of equally large outputs the first one is the
 * prediction.
 *
 * @param classes whether a label is one class id, or one at every place of a sequence, of which
 *     negative ones are padding; else every output is a question of its own, answered yes where it
 *     is above 0
 */
record Accuracy(boolean classes) implements Metric {
  @Override
  public String name() {
    return "accuracy";
  }

  @Override
  public double sum(INDArray output, INDArray labels, SampleWeights weights) {
    Numbers y = Numbers.of(output);
    Numbers wanted = Numbers.of(labels);
    double hits = 0;
    long width = labels.size(1);
    int outputs = classes ? (int) output.size(output.rank() - 1) : 1;
    for (long place = 0; place < labels.length(); place++) {
      boolean hit =
          classes
              ? wanted.get(place) == largest(y, place * outputs, outputs)
              : y.get(place) > 0 == wanted.get(place) > 0.5;
      hits += hit ? weights.at(place / width) : 0;
    }
    return hits;
  }

  private static int largest(Numbers y, long first, int outputs) {
    int best = 0;
    for (int i = 1; i < outputs; i++) {
      if (y.get(first + i) > y.get(first + best)) {
        best = i;
      }
    }
    return best;
  }

  @Override
  public double count(INDArray labels, SampleWeights weights) {
    long width = labels.size(1);
    if (!classes) {
      return width * weights.sum(labels.size(0));
    }
    Numbers ids = Numbers.of(labels);
    double count = 0;
    for (long place = 0; place < labels.length(); place++) {
      count += ids.get(place) < 0 ? 0 : weights.at(place / width);
    }
    return count;
  }
}
