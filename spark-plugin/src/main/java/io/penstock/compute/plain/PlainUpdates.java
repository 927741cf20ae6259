package io.penstock.compute.plain;

import io.penstock.compute.Updates;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.scalar.ScalarMax;
import org.nd4j.linalg.api.ops.impl.scalar.ScalarMin;
import org.nd4j.linalg.factory.Nd4j;

/** Optimizer steps by ND4J's operations. */
final class PlainUpdates implements Updates {
  @Override
  public void step(Rule rule, INDArray state, INDArray gradient, INDArray weights) {
    Nd4j.exec(StepOperation.of(rule, state, gradient));
    weights.subi(gradient);
  }

  @Override
  public void clip(INDArray gradient, double limit) {
    Nd4j.getExecutioner().exec(new ScalarMin(gradient, null, gradient, limit));
    Nd4j.getExecutioner().exec(new ScalarMax(gradient, null, gradient, -limit));
  }
}
