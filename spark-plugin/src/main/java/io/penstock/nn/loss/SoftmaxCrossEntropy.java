package io.penstock.nn.loss;

import io.penstock.array.NativeArrays;
import io.penstock.array.Numbers;
import io.penstock.compute.Kernels;
import io.penstock.compute.Memory;
import io.penstock.nn.Loss;
import io.penstock.nn.Metric;
import io.penstock.nn.RowWeights;
import io.penstock.nn.Shape;
import io.penstock.nn.ShapeException;
import io.penstock.nn.onednn.OneDnn;
import io.penstock.nn.onednn.Softmax;
import java.util.Arrays;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.transforms.custom.SoftMax;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonInclude;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Softmax cross-entropy, for output rows of {@code [classes]} with one class id a row, or of {@code
 * [length, classes]} with {@code length} ids a row, of which negative ones are padding and do not
 * count. Arrays may be shorter than the declared length.
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
  /** From so many classes on a kernel takes the powers of e; below, it gains nothing. */
  private static final int WIDE = 64;

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
                + "; give a finite number of at least 0: 1 counts as usual, 2 twice, 0 not at all.");
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

  /** The same with this smoothing of the labels. */
  public SoftmaxCrossEntropy smoothed(double share) {
    return new SoftmaxCrossEntropy(share, classWeights);
  }

  /**
   * The same with these weights of the classes, one for each, in place of those it had; without
   * any, all count the same.
   */
  public SoftmaxCrossEntropy weighted(double... weights) {
    return new SoftmaxCrossEntropy(smoothing, Arrays.stream(weights).boxed().toList());
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
  public double score(INDArray output, INDArray labels, RowWeights weights) {
    weights.check(output.size(0));
    ClassLabels ids = ClassLabels.of(output, labels);
    if (!isWide(output)) {
      return exact(output, ids, weights, 0, null);
    }
    INDArray scratch = Memory.FRESH.like(output);
    double score = wide(output, ids, weights, 0, scratch, new Kernels());
    NativeArrays.release(scratch);
    return score;
  }

  @Override
  public double gradient(
      INDArray output,
      INDArray labels,
      RowWeights weights,
      double scale,
      INDArray gradient,
      Kernels kernels) {
    weights.check(output.size(0));
    ClassLabels ids = ClassLabels.of(output, labels);
    return isWide(output)
        ? wide(output, ids, weights, scale, gradient, kernels)
        : exact(output, ids, weights, scale, Numbers.into(gradient));
  }

  private static boolean isWide(INDArray output) {
    return classes(output) >= WIDE && OneDnn.takes(output);
  }

  /** Returns the score and, unless it is null, writes the gradient. */
  private double exact(
      INDArray output, ClassLabels labels, RowWeights weights, double scale, Numbers gradient) {
    // On the host, in double precision: ND4J's log_softmax of large outputs is infinite.
    Numbers z = Numbers.of(output);
    int count = labels.classes();
    double rest = smoothing / count;
    double hit = 1 - smoothing + rest;
    double[] exps = new double[count];
    double score = 0;
    for (int place = 0; place < labels.count(); place++) {
      int label = labels.at(place);
      long first = (long) place * count;
      if (label < 0) {
        clear(gradient, first, count);
        continue;
      }
      double weight = weights.at(labels.row(place)) * weight(label);
      double max = Double.NEGATIVE_INFINITY;
      double total = 0;
      for (int i = 0; i < count; i++) {
        double one = z.get(first + i);
        max = Math.max(max, one);
        total += one;
      }
      double sum = 0;
      for (int i = 0; i < count; i++) {
        exps[i] = Math.exp(z.get(first + i) - max);
        sum += exps[i];
      }
      score += weight * (Math.log(sum) + max - wanted(z.get(first + label), total / count));
      if (gradient != null) {
        double own = scale * weight;
        for (int i = 0; i < count; i++) {
          gradient.put(first + i, own * (exps[i] / sum - (i == label ? hit : rest)));
        }
      }
    }
    return score;
  }

  /** The same for many classes: the kernel writes the probabilities where the gradient will be. */
  private double wide(
      INDArray output,
      ClassLabels labels,
      RowWeights weights,
      double scale,
      INDArray gradient,
      Kernels kernels) {
    Numbers z = Numbers.of(output);
    Numbers g = Numbers.into(gradient);
    int count = labels.classes();
    double rest = smoothing / count;
    kernels.get(new Softmax.Size(labels.count(), count), Softmax::new).run(z.array(), gradient);
    double score = 0;
    for (int place = 0; place < labels.count(); place++) {
      int label = labels.at(place);
      long first = (long) place * count;
      if (label < 0) {
        clear(g, first, count);
        continue;
      }
      double weight = weights.at(labels.row(place)) * weight(label);
      double own = scale * weight;
      double likelihood = g.get(first + label);
      double best = -1;
      int bestClass = 0;
      double total = 0;
      for (int i = 0; i < count; i++) {
        double probability = g.get(first + i);
        if (probability > best) {
          best = probability;
          bestClass = i;
        }
        if (rest > 0) {
          total += z.get(first + i);
        }
        g.put(first + i, own * (probability - rest));
      }
      g.put(first + label, own * (likelihood - rest - (1 - smoothing)));
      // From the likeliest class: the label's own probability may be too small for a float.
      double logSum = z.get(first + bestClass) - Math.log(best);
      score += weight * (logSum - wanted(z.get(first + label), total / count));
    }
    return score;
  }

  /** The mean of the outputs under the wanted probabilities. */
  private double wanted(double labels, double mean) {
    return smoothing == 0 ? labels : (1 - smoothing) * labels + smoothing * mean;
  }

  private static void clear(Numbers gradient, long first, int count) {
    for (int i = 0; gradient != null && i < count; i++) {
      gradient.put(first + i, 0);
    }
  }

  /** What a label of a class counts, in a row of weight 1. */
  private double weight(int label) {
    return classWeights.isEmpty() ? 1 : classWeights.get(label);
  }

  @Override
  public double weight(INDArray labels, RowWeights weights) {
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
  public boolean weighsRows(Shape output) {
    return output.rank() == 1 && classWeights.isEmpty();
  }

  @Override
  public INDArray prediction(INDArray output) {
    INDArray probabilities = Memory.FRESH.like(output);
    Nd4j.getExecutioner().exec(new SoftMax(output, probabilities, output.rank() - 1));
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
              + output.dims().get(output.rank() - 1)
              + " classes; give one weight for each class.");
    }
  }

  private static int classes(INDArray output) {
    return Math.toIntExact(output.size(output.rank() - 1));
  }
}
