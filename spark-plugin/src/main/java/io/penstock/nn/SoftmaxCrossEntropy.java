package io.penstock.nn;

import io.penstock.nn.onednn.Kernels;
import io.penstock.nn.onednn.OneDnn;
import io.penstock.nn.onednn.Softmax;
import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.transforms.custom.SoftMax;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Softmax cross-entropy, for output rows of {@code [classes]} with one class id a row, or of {@code
 * [length, classes]} with {@code length} ids a row, of which negative ones are padding and do not
 * count. Arrays may be shorter than the declared length.
 *
 * @param smoothing the share of the wanted probability that is spread evenly over all classes: 0
 *     for none; 0.1 is usual (Szegedy et al., 2015, arXiv 1512.00567)
 */
public record SoftmaxCrossEntropy(@JsonProperty("smoothing") double smoothing) implements Loss {
  /** From so many classes on a kernel takes the powers of e; below, it gains nothing. */
  private static final int WIDE = 64;

  /**
   * @throws IllegalArgumentException unless the smoothing is at least 0 and below 1
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
  }

  /** The same with this smoothing of the labels. */
  public SoftmaxCrossEntropy smoothed(double share) {
    return new SoftmaxCrossEntropy(share);
  }

  @Override
  public String name() {
    return "softmaxCrossEntropy";
  }

  @Override
  public double score(INDArray output, INDArray labels) {
    checkLabels(output, labels);
    if (!isWide(output)) {
      return exact(output, labels, 0, null);
    }
    INDArray scratch = Memory.FRESH.like(output);
    double score = wide(output, labels, 0, scratch, new Kernels());
    Blank.release(scratch);
    return score;
  }

  @Override
  public double gradient(INDArray output, INDArray labels, double scale, INDArray gradient) {
    return gradient(output, labels, scale, gradient, new Kernels());
  }

  @Override
  public double gradient(
      INDArray output, INDArray labels, double scale, INDArray gradient, Kernels kernels) {
    checkLabels(output, labels);
    return isWide(output)
        ? wide(output, labels, scale, gradient, kernels)
        : exact(output, labels, scale, Numbers.into(gradient));
  }

  private static boolean isWide(INDArray output) {
    return classes(output) >= WIDE && OneDnn.takes(output);
  }

  /** Returns the score and, unless it is null, writes the gradient. */
  private double exact(INDArray output, INDArray labels, double scale, Numbers gradient) {
    // On the host, in double precision: ND4J's log_softmax of large outputs is infinite.
    Numbers z = Numbers.of(output);
    Numbers ids = Numbers.of(labels);
    int count = classes(output);
    double rest = smoothing / count;
    double hit = 1 - smoothing + rest;
    double[] exps = new double[count];
    double score = 0;
    for (int place = 0; place < labels.length(); place++) {
      int label = label(ids.get(place), place, output);
      long first = (long) place * count;
      if (label < 0) {
        clear(gradient, first, count);
        continue;
      }
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
      score += Math.log(sum) + max - wanted(z.get(first + label), total / count);
      if (gradient != null) {
        for (int i = 0; i < count; i++) {
          gradient.put(first + i, scale * (exps[i] / sum - (i == label ? hit : rest)));
        }
      }
    }
    return score;
  }

  /** The same for many classes: the kernel writes the probabilities where the gradient will be. */
  private double wide(
      INDArray output, INDArray labels, double scale, INDArray gradient, Kernels kernels) {
    Numbers z = Numbers.of(output);
    Numbers g = Numbers.into(gradient);
    Numbers ids = Numbers.of(labels);
    int count = classes(output);
    double rest = smoothing / count;
    kernels.get(new Softmax.Size(labels.length(), count), Softmax::new).run(z.array(), gradient);
    double score = 0;
    for (int place = 0; place < labels.length(); place++) {
      int label = label(ids.get(place), place, output);
      long first = (long) place * count;
      if (label < 0) {
        clear(g, first, count);
        continue;
      }
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
        g.put(first + i, scale * (probability - rest));
      }
      g.put(first + label, scale * (likelihood - rest - (1 - smoothing)));
      // From the likeliest class: the label's own probability may be too small for a float.
      double logSum = z.get(first + bestClass) - Math.log(best);
      score += logSum - wanted(z.get(first + label), total / count);
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

  @Override
  public double weight(INDArray labels) {
    Numbers ids = Numbers.of(labels);
    long count = 0;
    for (long i = 0; i < labels.length(); i++) {
      count += ids.get(i) < 0 ? 0 : 1;
    }
    return count;
  }

  @Override
  public boolean weighsRows(Shape output) {
    return output.rank() == 1;
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
  }

  private static int classes(INDArray output) {
    return Math.toIntExact(output.size(output.rank() - 1));
  }

  private static void checkLabels(INDArray output, INDArray labels) {
    long[] expected = {output.size(0), output.rank() == 2 ? 1 : output.size(1)};
    if (!Arrays.equals(labels.shape(), expected)) {
      throw new ShapeException(
          "softmaxCrossEntropy takes labels of shape "
              + Arrays.toString(expected)
              + ", one class id for each row or each place of a sequence, but these have shape "
              + Arrays.toString(labels.shape())
              + ".");
    }
  }

  /** The class, or less than 0 for padding, which only a sequence has. */
  private static int label(double label, long place, INDArray output) {
    int id = (int) label;
    int count = classes(output);
    if (id != label || (label < 0 && output.rank() == 2) || label >= count) {
      throw new IllegalArgumentException(
          "The label "
              + label
              + " in row "
              + place / (output.rank() == 2 ? 1 : output.size(1))
              + " is no class id: with "
              + count
              + " outputs they are 0 to "
              + (count - 1)
              + ". Index the labels, or give the last layer more outputs.");
    }
    return id;
  }
}
