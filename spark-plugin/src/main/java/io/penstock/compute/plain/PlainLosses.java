package io.penstock.compute.plain;

import io.penstock.Internal;
import io.penstock.array.Numbers;
import io.penstock.compute.Losses;
import io.penstock.compute.SoftmaxBlock;
import io.penstock.compute.Vectors;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Softmax cross-entropy on the host, in double precision: ND4J's log_softmax of large outputs is
 * infinite. As quick as any kernel where there are few classes. Not thread-safe: for one thread.
 */
@Internal
public final class PlainLosses implements Losses {
  /** Powers of e of a row's numbers; as long as the longest row so far. */
  private double[] exps = {};

  @Override
  public double softmaxCrossEntropy(
      INDArray logits, Targets targets, double smoothing, double scale, INDArray gradient) {
    Numbers z = Numbers.of(logits);
    Numbers g = gradient == null ? null : Numbers.into(gradient);
    int count = Math.toIntExact(Vectors.width(logits));
    double rest = smoothing / count;
    double hit = 1 - smoothing + rest;
    exps = exps.length < count ? new double[count] : exps;
    double score = 0;
    for (int row = 0; row < targets.count(); row++) {
      int label = targets.label(row);
      long first = (long) row * count;
      if (label < 0) {
        clear(g, first, count);
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
      double wanted = Losses.wanted(z.get(first + label), total / count, smoothing);
      score += targets.weight(row) * (Math.log(sum) + max - wanted);
      if (g != null) {
        double own = scale * targets.weight(row);
        for (int i = 0; i < count; i++) {
          g.put(first + i, own * (exps[i] / sum - (i == label ? hit : rest)));
        }
      }
    }
    return score;
  }

  @Override
  public double numbers(
      Difference difference,
      double parameter,
      INDArray outputs,
      Losses.WantedNumbers wanted,
      double scale,
      INDArray gradient) {
    return new NumberDifference(difference, parameter).run(outputs, wanted, scale, gradient);
  }

  @Override
  public double blockCrossEntropy(
      INDArray states,
      Targets targets,
      int classes,
      double smoothing,
      double scale,
      INDArray gradient) {
    return BlockSoftmax.crossEntropy(states, targets, classes, smoothing, scale, gradient);
  }

  @Override
  public void takeBlock(INDArray logits, SoftmaxBlock block) {
    BlockSoftmax.take(logits, block);
  }

  @Override
  public void blockGradient(
      INDArray softmax,
      SoftmaxBlock block,
      INDArray stateGradient,
      INDArray gradient,
      INDArray before) {
    BlockSoftmax.gradient(softmax, block, stateGradient, gradient, before);
  }

  /** Sets a row's gradient, if there is any, to zero. */
  public static void clear(Numbers gradient, long first, int count) {
    for (int i = 0; gradient != null && i < count; i++) {
      gradient.put(first + i, 0);
    }
  }
}
