package io.penstock.nn.update;

import io.penstock.compute.host.Blas;
import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.CustomOp;
import org.nd4j.linalg.api.ops.OpContext;
import org.nd4j.linalg.api.ops.impl.updaters.NesterovsUpdater;
import org.nd4j.linalg.api.ops.impl.updaters.SgdUpdater;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.GradientUpdater;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.nativeblas.NativeOps;
import org.nd4j.nativeblas.NativeOpsHolder;

/**
 * One of ND4J's updaters for one layer, called more cheaply: ND4J makes a native context for its
 * operation at every step, which leaves 12 KB on the heap; here the usual updaters' contexts are
 * kept. Those whose correction ND4J has wrong go by {@link Corrected}. For one thread at a time.
 */
final class UpdateRule {
  private final GradientUpdater<?> updater;

  private INDArray gradient;
  private INDArray row;

  /** For the gradient that came last; null if ND4J's updater is left to itself. */
  private CustomOp operation;

  private OpContext context;
  private double[] numbers;

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
      operation = Blas.isDirect(gradient) ? operation(step, epoch) : null;
      context = operation == null ? null : context(operation);
      numbers = null;
    }
    if (operation != null) {
      runKept(step, epoch);
    } else if (Corrected.takes(updater)) {
      Nd4j.exec(Corrected.of(updater.getConfig(), step, epoch).operation(updater, row));
    } else {
      updater.applyUpdater(row, step, epoch);
    }
  }

  private void runKept(int step, int epoch) {
    double[] now = numbers(step, epoch);
    if (!Arrays.equals(now, numbers)) {
      numbers = now;
      context.setTArguments(now);
    }
    // Not by ND4J's executioner, which leaves another 2 KB.
    NativeOps backend = NativeOpsHolder.getInstance().getDeviceNativeOps();
    int status = backend.execCustomOp2(null, operation.opHash(), context.contextPointer());
    if (status != 0) {
      throw new IllegalStateException(
          operation.opName() + " failed: " + backend.lastErrorMessage());
    }
  }

  private static OpContext context(CustomOp operation) {
    OpContext context = Nd4j.getExecutioner().buildContext();
    context.shapeFunctionOverride(true); // the results' shapes are known
    context.setInputArrays(operation.inputArguments());
    context.setOutputArrays(operation.outputArguments());
    context.setIArguments(operation.iArgs());
    return context;
  }

  /**
   * With the arrays that ND4J's updater gives it; null for one that is left to itself, as is a
   * user's own that extends one of these: what it does differently would be passed over.
   */
  private CustomOp operation(int step, int epoch) {
    Class<?> kind = updater.getClass();
    if (kind == org.nd4j.linalg.learning.SgdUpdater.class) {
      return new SgdUpdater(row, 0);
    }
    if (kind == org.nd4j.linalg.learning.NesterovsUpdater.class) {
      var nesterovs = (org.nd4j.linalg.learning.NesterovsUpdater) updater;
      return new NesterovsUpdater(row, nesterovs.getV(), 0, 0);
    }
    return Corrected.takes(updater)
        ? Corrected.of(updater.getConfig(), step, epoch).operation(updater, row)
        : null;
  }

  /** What the operation is told at this step. */
  private double[] numbers(int step, int epoch) {
    IUpdater config = updater.getConfig();
    if (Corrected.takes(updater)) {
      return Corrected.of(config, step, epoch).numbers();
    }
    double rate = config.getLearningRate(step, epoch);
    return config instanceof Nesterovs nesterovs
        ? new double[] {rate, nesterovs.currentMomentum(step, epoch)}
        : new double[] {rate};
  }
}
