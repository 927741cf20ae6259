package io.penstock.nn;

import io.penstock.array.Numbers;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Accuracy of outputs that name the class they predict: the share of labels that are hit.
 * Immutable.
 *
 * @param place of that class's number in an output row, or in that of a place of a sequence
 */
record NamedClass(int place) implements Metric {
  @Override
  public String name() {
    return Metric.classesHit().name();
  }

  @Override
  public double sum(INDArray output, INDArray labels, SampleWeights weights) {
    Numbers named = Numbers.of(output);
    Numbers wanted = Numbers.of(labels);
    long width = labels.size(1);
    long step = output.size(-1);
    double hits = 0;
    for (long label = 0; label < labels.length(); label++) {
      boolean hit = named.get(label * step + place) == wanted.get(label);
      hits += hit ? weights.at(label / width) : 0;
    }
    return hits;
  }

  @Override
  public double count(INDArray labels, SampleWeights weights) {
    return Metric.classesHit().count(labels, weights);
  }
}
