package io.penstock.nn.loss;

import io.penstock.Amount;
import io.penstock.array.NativeArrays;
import io.penstock.array.Numbers;
import io.penstock.compute.Compute;
import io.penstock.compute.Memory;
import io.penstock.nn.ClassLabels;
import io.penstock.nn.Loss;
import io.penstock.nn.Metric;
import io.penstock.nn.SampleWeights;
import io.penstock.nn.Shape;
import io.penstock.nn.ShapeException;
import java.util.Arrays;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonInclude;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Softmax cross-entropy with label smoothing and class weights, for output rows of {@code
 * [classes]} with one class id a row, or of {@code [length, classes]} with {@code length} ids a
 * row, of which negative ones are padding and do not count. Arrays may be shorter than the declared
 * length. Immutable.
 *
 * @param smoothing the share of the wanted probability that is spread evenly over all classes: 0
 *     for none; 0.1 is usual (Szegedy et al., 2015, arXiv 1512.00567)
 * @param classWeights how much a label of each class counts, on top of its row's weight: the whole
 *     loss of a row, or of a place of a sequence, is taken times that of its label's class, and the
 *     mean is the weighted one. Empty where all classes count the same
 */
public record SoftmaxCrossEntropy(
    @JsonProperty("smoothing") double smoothing,
    @JsonProperty("classWeights") @JsonInclude(JsonInclude.Include.NON_EMPTY)
        List<Double> classWeights)
    implements Loss {
  /**
   * @throws IllegalArgumentException unless the smoothing is at least 0 and below 1, and the
   *     weights are finite, none below 0 and one above it
   */
  @JsonCreator
  public SoftmaxCrossEntropy {
    if (!(smoothing >= 0 && smoothing < 1)) {
      throw new IllegalArgumentException(
          "A label smoothing of "
              + smoothing
              + " is not in [0, 1): it is the share of the label that all classes divide; try"
              + " 0.1.");
    }
    classWeights = classWeights == null ? List.of() : classWeights;
    for (int label = 0; label < classWeights.size(); label++) {
      Double weight = classWeights.get(label);
      if (weight == null || !(weight >= 0 && Double.isFinite(weight))) {
        throw new IllegalArgumentException(
            "The weight of class "
                + label
                + " is "
                + weight
                + "; give a finite number of at least 0: 1 counts as usual, 2 twice, 0 not at"
                + " all.");
      }
    }
    classWeights = List.copyOf(classWeights);
    if (!classWeights.isEmpty() && classWeights.stream().allMatch(weight -> weight == 0)) {
      throw new IllegalArgumentException(
          "The weights of all classes are 0, so that no row would count; give one above 0.");
    }
  }

  /** Cross-entropy in which all classes count the same. */
  public SoftmaxCrossEntropy(double smoothing) {
    this(smoothing, List.of());
  }

  /** Returns this loss with this smoothing of the labels. */
  public SoftmaxCrossEntropy smoothed(double share) {
    return new SoftmaxCrossEntropy(share, classWeights);
  }

  /**
   * Returns this loss with these class weights, one for each class, in place of those it had;
   * without any, all count the same.
   */
  public SoftmaxCrossEntropy weighted(double... weights) {
    return new SoftmaxCrossEntropy(smoothing, Arrays.stream(weights).boxed().toList());
  }

  @Override
  public boolean computesAnywhere() {
    return true;
  }

  @Override
  public String name() {
    return "softmaxCrossEntropy";
  }

  @Override
  public Metric metric() {
    return Metric.classesHit();
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
    int classes = Math.toIntExact(output.size(output.rank() - 1));
    ClassLabels ids = ClassLabels.of(output, labels, classes);
    INDArray logits = NativeArrays.ordered(output, 'c');
    return compute
        .losses()
        .softmaxCrossEntropy(logits, wanted(ids, weights), smoothing, scale, gradient);
  }

  /** Returns what outputs are compared with. */
  io.penstock.compute.Losses.Targets wanted(ClassLabels labels, SampleWeights weights) {
    return new Wanted(labels, weights, this);
  }

  /** Labels and weights that a micro-batch's outputs are compared with. */
  private record Wanted(ClassLabels labels, SampleWeights weights, SoftmaxCrossEntropy loss)
      implements io.penstock.compute.Losses.Targets {
    @Override
    public int count() {
      return Math.toIntExact(labels.count());
    }

    @Override
    public int label(int place) {
      return labels.at(place);
    }

    @Override
    public double weight(int place) {
      return weights.at(labels.row(place)) * loss.weight(labels.at(place));
    }
  }

  /** Returns a class's weight. */
  double weight(int label) {
    return classWeights.isEmpty() ? 1 : classWeights.get(label);
  }

  @Override
  public double weight(INDArray labels, SampleWeights weights) {
    weights.check(labels.size(0));
    int classes = classWeights.isEmpty() ? Integer.MAX_VALUE : classWeights.size();
    ClassLabels ids = new ClassLabels(Numbers.of(labels), labels.size(1), true, classes);
    double sum = 0;
    for (long place = 0; place < ids.count(); place++) {
      int label = ids.at(place);
      sum += label < 0 ? 0 : weights.at(ids.row(place)) * weight(label);
    }
    return sum;
  }

  @Override
  public boolean countsEveryRowOnce(Shape output) {
    return output.rank() == 1 && classWeights.isEmpty();
  }

  @Override
  public INDArray prediction(INDArray output, Compute compute) {
    INDArray probabilities = Memory.FRESH.copy(output);
    compute.activations().softmax(probabilities);
    return probabilities;
  }

  @Override
  public int labelWidth(Shape output) {
    return output.rank() == 1 ? 1 : Math.toIntExact(output.dims().get(0));
  }

  @Override
  public void checkOutput(Shape output) {
    if (output.rank() < 1 || output.rank() > 2) {
      throw new ShapeException(
          "softmaxCrossEntropy needs one number for each class, in rows of [classes] or [length,"
              + " classes], but output rows have shape "
              + output
              + "; end the network with a flatten and a dense layer.");
    }
    if (output.dims().get(output.rank() - 1) < 2) {
      throw new ShapeException(
          "softmaxCrossEntropy needs two classes or more, but output rows have shape "
              + output
              + "; give the last layer 2 outputs for a yes-or-no question.");
    }
    if (!classWeights.isEmpty() && classWeights.size() != output.dims().get(output.rank() - 1)) {
      throw new ShapeException(
          "There are "
              + classWeights.size()
              + " class weights, but output rows have shape "
              + output
              + ", "
              + new Amount(output.dims().get(output.rank() - 1), "class")
              + "; give one weight for each class.");
    }
  }
}
