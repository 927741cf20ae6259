package io.penstock.compute.host;

import io.penstock.array.NativeArrays;
import io.penstock.array.Numbers;
import io.penstock.compute.Kernels;
import io.penstock.compute.Losses;
import io.penstock.compute.SoftmaxBlock;
import io.penstock.compute.Vectors;
import io.penstock.compute.host.onednn.Softmax;
import io.penstock.compute.plain.BlockSoftmax;
import io.penstock.compute.plain.PlainLosses;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Softmax cross-entropy, where oneDNN takes the powers of e of many classes. For one thread. */
final class HostLosses implements Losses {
  /** Classes from which on a kernel takes the powers of e; below, it gains nothing. */
  private static final int WIDE = 64;

  private final Kernels kernels;
  private final Blas blas;
  private final Losses narrow = new PlainLosses();

  HostLosses(Kernels kernels, Blas blas) {
    this.kernels = kernels;
    this.blas = blas;
  }

  @Override
  public double softmaxCrossEntropy(
      INDArray logits, Targets targets, double smoothing, double scale, INDArray gradient) {
    if (Vectors.width(logits) < WIDE) {
      return narrow.softmaxCrossEntropy(logits, targets, smoothing, scale, gradient);
    }
    if (gradient != null) {
      return wide(logits, targets, smoothing, scale, gradient);
    }
    INDArray scratch = NativeArrays.array(logits.dataType(), 'c', logits.shape());
    double score = wide(logits, targets, smoothing, scale, scratch);
    NativeArrays.release(scratch);
    return score;
  }

  /** The kernel writes the probabilities where the gradient will be. */
  private double wide(
      INDArray logits, Targets targets, double smoothing, double scale, INDArray gradient) {
    Numbers z = Numbers.of(logits);
    Numbers g = Numbers.into(gradient);
    int count = Math.toIntExact(Vectors.width(logits));
    double rest = smoothing / count;
    Softmax.of(kernels, targets.count(), count).run(z.array(), gradient);
    double score = 0;
    for (int row = 0; row < targets.count(); row++) {
      int label = targets.label(row);
      long first = (long) row * count;
      if (label < 0) {
        PlainLosses.clear(g, first, count);
        continue;
      }
      double own = scale * targets.weight(row);
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
      double wanted = Losses.wanted(z.get(first + label), total / count, smoothing);
      score += targets.weight(row) * (logSum - wanted);
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
    return narrow.numbers(difference, parameter, outputs, wanted, scale, gradient);
  }

  @Override
  public double blockCrossEntropy(
      INDArray states,
      Targets targets,
      int classes,
      double smoothing,
      double scale,
      INDArray gradient) {
    return narrow.blockCrossEntropy(states, targets, classes, smoothing, scale, gradient);
  }

  @Override
  public void takeBlock(INDArray logits, SoftmaxBlock block) {
    int columns = Math.toIntExact(Vectors.width(logits));
    if (columns < WIDE) {
      narrow.takeBlock(logits, block);
      return;
    }
    BlockSoftmax own = new BlockSoftmax(block);
    Numbers z = Numbers.into(logits);
    int rows = block.columns().length;
    int[] best = new int[rows];
    double[] max = new double[rows];
    for (int row = 0; row < rows; row++) {
      long first = (long) row * columns;
      best[row] = own.look(z, row, first, columns);
      max[row] = z.get(first + best[row]);
    }
    Softmax.of(kernels, rows, columns).run(logits, logits);
    for (int row = 0; row < rows; row++) {
      own.add(row, max[row], 1 / z.get((long) row * columns + best[row]));
    }
  }

  @Override
  public void blockGradient(
      INDArray softmax,
      SoftmaxBlock block,
      INDArray stateGradient,
      INDArray gradient,
      INDArray before) {
    int columns = Math.toIntExact(Vectors.width(softmax));
    if (columns < WIDE) {
      narrow.blockGradient(softmax, block, stateGradient, gradient, before);
      return;
    }
    BlockSoftmax own = new BlockSoftmax(block);
    Numbers state = Numbers.of(stateGradient);
    Numbers g = Numbers.into(gradient);
    Numbers earlier = before == null ? null : Numbers.into(before);
    for (int row = 0; row < block.columns().length; row++) {
      long first = (long) row * columns;
      blas.copy(softmax, first, gradient, first, columns);
      blas.scale(gradient, first, columns, own.factor(row, state));
      double each = state.get((long) row * SoftmaxBlock.STATE + SoftmaxBlock.TOTAL);
      if (each != 0) {
        blas.addToEach(each, gradient, first, columns);
      }
      int label = block.columns()[row];
      if (label >= 0) {
        double hit = state.get((long) row * SoftmaxBlock.STATE + SoftmaxBlock.LABEL);
        g.put(first + label, g.get(first + label) + hit);
      }
      if (earlier != null) {
        own.back(row, state, earlier);
      }
    }
  }
}
