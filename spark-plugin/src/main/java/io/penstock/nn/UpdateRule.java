package io.penstock.nn;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.CustomOp;
import org.nd4j.linalg.api.ops.OpContext;
import org.nd4j.linalg.api.ops.impl.updaters.AdamUpdater;
import org.nd4j.linalg.api.ops.impl.updaters.NesterovsUpdater;
import org.nd4j.linalg.api.ops.impl.updaters.SgdUpdater;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.GradientUpdater;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.Nesterovs;

/**
 * One of ND4J's updaters for one layer, of which this is only a cheaper call: ND4J makes a native
 * context for its operation at every step, which leaves 12 KB on the heap; here the usual updaters'
 * contexts are kept. For one thread at a time.
 */
final class UpdateRule {
  private final GradientUpdater<?> updater;

  private INDArray gradient;
  private INDArray row;

  /** Of the gradient that came last; null if ND4J makes its own. */
  private OpContext context;

  UpdateRule(GradientUpdater<?> updater) {
    this.updater = updater;
  }

  /**
   * Makes of a gradient what is taken from the weights.
   *
   * @param gradient all that a layer trains, densely; overwritten. Best the same one at every step
   */
  void apply(INDArray gradient, int step, int epoch) {
    if (this.gradient != gradient) {
      this.gradient = gradient;
      // ND4J's updaters are five times as fast if everything is labelled 'c'.
      row = gradient.reshape('c', 1, gradient.length());
      context = null;
    }
    CustomOp operation = Blas.isDirect(gradient) ? operation(step, epoch) : null;
    if (operation == null) {
      updater.applyUpdater(row, step, epoch);
      return;
    }
    if (context == null) {
      context = Nd4j.getExecutioner().buildContext();
      context.shapeFunctionOverride(true); // the results' shapes are known
      context.setInputArrays(operation.inputArguments());
      context.setOutputArrays(operation.outputArguments());
    }
    context.setTArguments(operation.tArgs());
    context.setIArguments(operation.iArgs());
    Nd4j.getExecutioner().exec(operation, context);
  }

  /** The operation as ND4J's updater makes it; null for one that is left to ND4J. */
  private CustomOp operation(int step, int epoch) {
    if (updater instanceof org.nd4j.linalg.learning.SgdUpdater sgd) {
      return new SgdUpdater(row, sgd.getConfig().getLearningRate(step, epoch));
    }
    if (updater instanceof org.nd4j.linalg.learning.NesterovsUpdater nesterovs) {
      Nesterovs config = nesterovs.getConfig();
      double rate = config.getLearningRate(step, epoch);
      double momentum = config.currentMomentum(step, epoch);
      return new NesterovsUpdater(row, nesterovs.getV(), rate, momentum);
    }
    if (updater instanceof org.nd4j.linalg.learning.AdamUpdater adam) {
      Adam config = adam.getConfig();
      return new AdamUpdater(
          row,
          adam.getV(),
          adam.getM(),
          config.getLearningRate(step, epoch),
          config.getBeta1(),
          config.getBeta2(),
          config.getEpsilon(),
          step);
    }
    return null;
  }
}
