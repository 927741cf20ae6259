package io.penstock.compute.plain;

import static io.penstock.compute.SoftmaxBlock.BEST;
import static io.penstock.compute.SoftmaxBlock.LABEL;
import static io.penstock.compute.SoftmaxBlock.MAX;
import static io.penstock.compute.SoftmaxBlock.STATE;
import static io.penstock.compute.SoftmaxBlock.SUM;
import static io.penstock.compute.SoftmaxBlock.TOTAL;

import io.penstock.Internal;
import io.penstock.array.Numbers;
import io.penstock.compute.Losses;
import io.penstock.compute.SoftmaxBlock;
import io.penstock.compute.Vectors;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Arithmetic of a block of a softmax's classes, row by row and in double precision. A row whose
 * logits are not finite gets a sum that is not. Stateless, but for the numbers of its arrays; for
 * one thread.
 */
@Internal
public final class BlockSoftmax {
  private final SoftmaxBlock block;
  private final Numbers before;
  private final Numbers after;
  private final Numbers shares;

  /** Opens the arrays of a block. */
  public BlockSoftmax(SoftmaxBlock block) {
    this.block = block;
    this.before = block.before() == null ? null : Numbers.of(block.before());
    this.after = Numbers.into(block.after());
    this.shares = Numbers.into(block.shares());
  }

  /**
   * Looks through a row's logits, and puts down their largest, their total and that of the label.
   *
   * @param first the place of the row's first logit
   * @return the column of the largest; of equals the first
   */
  public int look(Numbers logits, int row, long first, int columns) {
    int best = 0;
    double max = logits.get(first);
    double total = max;
    for (int i = 1; i < columns; i++) {
      double one = logits.get(first + i);
      total += one;
      if (one > max) {
        max = one;
        best = i;
      }
    }
    long at = (long) row * STATE;
    int label = block.columns()[row];
    boolean later = before != null && before.get(at + MAX) >= max;
    after.put(at + MAX, later ? before.get(at + MAX) : max);
    after.put(at + LABEL, earlier(at + LABEL) + (label < 0 ? 0 : logits.get(first + label)));
    after.put(at + TOTAL, earlier(at + TOTAL) + total);
    after.put(at + BEST, later ? before.get(at + BEST) : block.first() + best);
    return best;
  }

  private double earlier(long place) {
    return before == null ? 0 : before.get(place);
  }

  /**
   * Adds a row's sum to that of the blocks before.
   *
   * @param max the block's largest logit
   * @param sum of the powers of e of the block's logits, each less that
   */
  public void add(int row, double max, double sum) {
    long at = (long) row * STATE;
    double share = sum * Math.exp(max - after.get(at + MAX));
    shares.put(row, share);
    after.put(at + SUM, rescaled(at) + share);
  }

  /** Returns the sum before the block, of powers less the largest logit after it. */
  private double rescaled(long at) {
    return before == null ? 0 : before.get(at + SUM) * decay(at);
  }

  private double decay(long at) {
    return Math.exp(before.get(at + MAX) - after.get(at + MAX));
  }

  /** Returns what a row's softmax within the block is multiplied by, for the logits' gradient. */
  public double factor(int row, Numbers stateGradient) {
    return stateGradient.get((long) row * STATE + SUM) * shares.get(row);
  }

  /** Writes a row's gradient of the state before the block. */
  public void back(int row, Numbers stateGradient, Numbers gradient) {
    long at = (long) row * STATE;
    gradient.put(at + MAX, 0);
    gradient.put(at + SUM, stateGradient.get(at + SUM) * decay(at));
    gradient.put(at + LABEL, stateGradient.get(at + LABEL));
    gradient.put(at + TOTAL, stateGradient.get(at + TOTAL));
    gradient.put(at + BEST, 0);
  }

  /** Takes a block whose logits are as they are into the softmax. */
  static void take(INDArray logits, SoftmaxBlock block) {
    BlockSoftmax own = new BlockSoftmax(block);
    Numbers z = Numbers.into(logits);
    int columns = Math.toIntExact(Vectors.width(logits));
    for (int row = 0; row < block.columns().length; row++) {
      long first = (long) row * columns;
      double max = z.get(first + own.look(z, row, first, columns));
      double sum = 0;
      for (int i = 0; i < columns; i++) {
        sum += Math.exp(z.get(first + i) - max);
      }
      for (int i = 0; i < columns; i++) {
        z.put(first + i, Math.exp(z.get(first + i) - max) / sum);
      }
      own.add(row, max, sum);
    }
  }

  /** Computes the gradient of a block's logits. */
  static void gradient(
      INDArray softmax,
      SoftmaxBlock block,
      INDArray stateGradient,
      INDArray gradient,
      INDArray before) {
    BlockSoftmax own = new BlockSoftmax(block);
    Numbers p = Numbers.of(softmax);
    Numbers state = Numbers.of(stateGradient);
    Numbers g = Numbers.into(gradient);
    Numbers earlier = before == null ? null : Numbers.into(before);
    int columns = Math.toIntExact(Vectors.width(softmax));
    for (int row = 0; row < block.columns().length; row++) {
      long first = (long) row * columns;
      double factor = own.factor(row, state);
      double each = state.get((long) row * STATE + TOTAL);
      for (int i = 0; i < columns; i++) {
        g.put(first + i, factor * p.get(first + i) + each);
      }
      int label = block.columns()[row];
      if (label >= 0) {
        double hit = state.get((long) row * STATE + LABEL);
        g.put(first + label, factor * p.get(first + label) + each + hit);
      }
      if (earlier != null) {
        own.back(row, state, earlier);
      }
    }
  }

  /** Computes {@link Losses#blockCrossEntropy}. */
  static double crossEntropy(
      INDArray states,
      Losses.Targets targets,
      int classes,
      double smoothing,
      double scale,
      INDArray gradient) {
    Numbers state = Numbers.of(states);
    Numbers g = gradient == null ? null : Numbers.into(gradient);
    double score = 0;
    for (int row = 0; row < targets.count(); row++) {
      int label = targets.label(row);
      double weight = label < 0 ? 0 : targets.weight(row);
      long at = (long) row * STATE;
      if (label >= 0) {
        double mean = state.get(at + TOTAL) / classes;
        double wanted = Losses.wanted(state.get(at + LABEL), mean, smoothing);
        score += weight * (Math.log(state.get(at + SUM)) + state.get(at + MAX) - wanted);
      }
      if (g != null) {
        double own = scale * weight;
        g.put(at + MAX, 0); // it cancels out, so that blocks take it for a constant
        g.put(at + SUM, own / state.get(at + SUM));
        g.put(at + LABEL, -own * (1 - smoothing));
        g.put(at + TOTAL, -own * smoothing / classes);
        g.put(at + BEST, 0);
      }
    }
    return score;
  }
}
