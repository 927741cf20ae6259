package io.penstock.compute.cuda;

import io.penstock.compute.Updates;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Optimizer steps by kernels of ours, {@code updates.cu}. For one thread. */
final class CudaUpdates implements Updates {
  private final Launcher launcher;

  CudaUpdates(Launcher launcher) {
    this.launcher = launcher;
  }

  @Override
  public void step(Rule rule, INDArray state, INDArray gradient, INDArray weights) {
    if (rule instanceof Sgd sgd) {
      begin("sgd_step", 0, state, gradient, weights)
          .number(sgd.rate())
          .whole(weights.length())
          .each(CudaRows.shares(weights.length()));
    } else if (rule instanceof Nesterovs nesterovs) {
      begin("nesterovs_step", 1, state, gradient, weights)
          .number(nesterovs.rate())
          .number(nesterovs.momentum())
          .whole(weights.length())
          .each(CudaRows.shares(weights.length()));
    } else if (rule instanceof Adam r) {
      begin("adam_step", 2, state, gradient, weights);
      moments(r.rate(), r.beta1(), r.beta2(), r.epsilon(), weights.length());
    } else if (rule instanceof AmsGrad r) {
      begin("amsgrad_step", 3, state, gradient, weights);
      moments(r.rate(), r.beta1(), r.beta2(), r.epsilon(), weights.length());
    } else {
      Nadam r = (Nadam) rule;
      begin("nadam_step", 2, state, gradient, weights);
      moments(r.rate(), r.beta1(), r.beta2(), r.epsilon(), weights.length());
    }
  }

  /**
   * Begins a launch with the arrays of a step.
   *
   * @param states of how many arrays the state is
   */
  private Launcher begin(
      String kernel, int states, INDArray state, INDArray gradient, INDArray weights) {
    Launcher begun = launcher.kernel(kernel).array(gradient);
    for (int i = 0; i < states; i++) {
      begun.array(state, i * weights.length());
    }
    return begun.array(weights);
  }

  private void moments(double rate, double beta1, double beta2, double epsilon, long count) {
    launcher
        .number(rate)
        .number(beta1)
        .number(1 - beta1)
        .number(beta2)
        .number(1 - beta2)
        .number(epsilon)
        .whole(count)
        .each(CudaRows.shares(count));
  }

  @Override
  public void clip(INDArray gradient, double limit) {
    launcher
        .kernel("clip_numbers")
        .array(gradient)
        .number(limit)
        .whole(gradient.length())
        .each(CudaRows.shares(gradient.length()));
  }
}
