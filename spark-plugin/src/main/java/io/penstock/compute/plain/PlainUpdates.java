package io.penstock.compute.plain;

import io.penstock.compute.Updates;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.transforms.clip.ClipByValue;
import org.nd4j.linalg.factory.Nd4j;

/** Optimizer steps by ND4J's operations. For one thread. */
final class PlainUpdates implements Updates {
  @Override
  public void step(Rule rule, INDArray state, INDArray gradient, INDArray weights) {
    Nd4j.exec(StepOperation.of(rule, state, gradient));
    weights.subi(gradient);
  }

  @Override
  public void clip(INDArray gradient, double limit) {
    ClipByValue clip = new ClipByValue(gradient, -limit, limit);
    clip.addOutputArgument(gradient);
    Nd4j.exec(clip);
  }
}
