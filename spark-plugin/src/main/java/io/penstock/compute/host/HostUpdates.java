package io.penstock.compute.host;

import io.penstock.compute.Kernels;
import io.penstock.compute.Updates;
import io.penstock.compute.host.onednn.MomentSteps;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.scalar.ScalarMax;
import org.nd4j.linalg.api.ops.impl.scalar.ScalarMin;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Optimizer steps by OpenBLAS and oneDNN; each number gets the same arithmetic wherever it lies.
 * For one thread.
 */
final class HostUpdates implements Updates {
  /** Numbers of a piece: three arrays of them have 384 KiB. */
  private static final long PIECE = 1 << 15;

  private final Kernels kernels;
  private final Blas blas;
  private final Updates plain;

  HostUpdates(Kernels kernels, Blas blas, Updates plain) {
    this.kernels = kernels;
    this.blas = blas;
    this.plain = plain;
  }

  @Override
  public void step(Rule rule, INDArray state, INDArray gradient, INDArray weights) {
    if (rule instanceof Sgd sgd) {
      add(-sgd.rate(), gradient, weights);
    } else if (rule instanceof Nesterovs nesterovs) {
      step(nesterovs, state, gradient, weights);
    } else if (rule instanceof Adam r) {
      moments(MomentSteps.Kind.ADAM, gradient, r.beta1(), r.beta2())
          .step(r.rate(), r.epsilon(), state, gradient, weights);
    } else if (rule instanceof AmsGrad r) {
      moments(MomentSteps.Kind.AMSGRAD, gradient, r.beta1(), r.beta2())
          .step(r.rate(), r.epsilon(), state, gradient, weights);
    } else {
      Nadam r = (Nadam) rule;
      moments(MomentSteps.Kind.NADAM, gradient, r.beta1(), r.beta2())
          .step(r.rate(), r.epsilon(), state, gradient, weights);
    }
  }

  /** Takes the step piece by piece: all that a piece's four passes read stays in the cache. */
  private void step(Nesterovs rule, INDArray state, INDArray gradient, INDArray weights) {
    for (long at = 0; at < weights.length(); at += PIECE) {
      long some = Math.min(PIECE, weights.length() - at);
      blas.add(-rule.momentum(), state, at, weights, at, some);
      blas.scale(state, at, some, rule.momentum());
      blas.add(-rule.rate(), gradient, at, state, at, some);
      blas.add(1 + rule.momentum(), state, at, weights, at, some);
    }
  }

  private MomentSteps moments(
      MomentSteps.Kind kind, INDArray gradient, double beta1, double beta2) {
    return kernels.get(
        new MomentSteps.Size(kind, gradient.length(), beta1, beta2), MomentSteps::new);
  }

  /** Adds a vector times a factor to another. */
  private void add(double factor, INDArray from, INDArray to) {
    blas.add(factor, from, 0, to, 0, from.length());
  }

  @Override
  public void clip(INDArray gradient, double limit) {
    if (!Float.isFinite(blas.squares(gradient))) { // ND4J's maximum and minimum make limits of NaN
      plain.clip(gradient, limit);
      return;
    }
    Nd4j.getExecutioner().exec(new ScalarMin(gradient, null, gradient, limit));
    Nd4j.getExecutioner().exec(new ScalarMax(gradient, null, gradient, -limit));
  }
}
