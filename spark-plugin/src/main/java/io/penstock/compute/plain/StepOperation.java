package io.penstock.compute.plain;

import io.penstock.array.NativeArrays;
import io.penstock.compute.Updates;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.CustomOp;
import org.nd4j.linalg.api.ops.impl.updaters.AdamUpdater;
import org.nd4j.linalg.api.ops.impl.updaters.AmsGradUpdater;
import org.nd4j.linalg.api.ops.impl.updaters.NadamUpdater;
import org.nd4j.linalg.api.ops.impl.updaters.NesterovsUpdater;
import org.nd4j.linalg.api.ops.impl.updaters.SgdUpdater;

/** Factory of ND4J's operations for optimizer steps. Stateless. */
final class StepOperation {
  /** A step so late that an operation's own correction of the moments is none. */
  private static final int LATE = 1 << 30;

  /** Operations take epsilon in place of a rate of zero. */
  private static final double LEAST = Float.MIN_NORMAL;

  private StepOperation() {}

  /**
   * Returns the operation that turns a gradient, in place, into the step that is subtracted from
   * the weights.
   *
   * @param state whose numbers it changes: see {@link Updates}
   */
  static CustomOp of(Updates.Rule rule, INDArray state, INDArray gradient) {
    // They are five times as fast if everything is labelled 'c'.
    INDArray g = part(gradient, 0, gradient);
    if (rule instanceof Updates.Sgd sgd) {
      return new SgdUpdater(g, sgd.rate());
    }
    INDArray first = part(state, 0, gradient);
    if (rule instanceof Updates.Nesterovs nesterovs) {
      return new NesterovsUpdater(g, first, nesterovs.rate(), nesterovs.momentum());
    }
    INDArray second = part(state, 1, gradient);
    if (rule instanceof Updates.Adam r) {
      return new AdamUpdater(
          g, second, first, rate(r.rate()), r.beta1(), r.beta2(), r.epsilon(), LATE);
    }
    if (rule instanceof Updates.Nadam r) {
      return new NadamUpdater(
          g, second, first, rate(r.rate()), r.beta1(), r.beta2(), r.epsilon(), LATE);
    }
    Updates.AmsGrad r = (Updates.AmsGrad) rule;
    INDArray third = part(state, 2, gradient);
    return new AmsGradUpdater(
        g, second, first, third, rate(r.rate()), r.beta1(), r.beta2(), r.epsilon(), LATE);
  }

  private static double rate(double rate) {
    return Math.max(rate, LEAST);
  }

  private static INDArray part(INDArray all, int which, INDArray like) {
    return NativeArrays.view(all, which * like.length(), like.length());
  }
}
