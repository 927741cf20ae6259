package io.penstock.compute.host;

import static org.bytedeco.openblas.global.openblas_nolapack.cblas_saxpy;
import static org.bytedeco.openblas.global.openblas_nolapack.cblas_sscal;

import io.penstock.compute.Kernels;
import io.penstock.compute.Updates;
import io.penstock.compute.host.onednn.MomentSteps;
import org.bytedeco.javacpp.FloatPointer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.scalar.ScalarMax;
import org.nd4j.linalg.api.ops.impl.scalar.ScalarMin;
import org.nd4j.linalg.factory.Nd4j;

/** Optimizer steps by OpenBLAS and oneDNN; what is done to each number is the same everywhere. */
final class HostUpdates implements Updates {
  /** So many numbers are counted at once, which an int holds. */
  private static final long CHUNK = 1 << 30;

  /** Numbers, of which three arrays have 384 KiB. */
  private static final long PIECE = 1 << 15;

  private final Kernels kernels;
  private final Updates plain;

  HostUpdates(Kernels kernels, Updates plain) {
    this.kernels = kernels;
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

  /** By pieces of which all that a step reads stays in the cache, over its four passes. */
  private static void step(Nesterovs rule, INDArray state, INDArray gradient, INDArray weights) {
    float momentum = (float) rule.momentum();
    for (long at = 0; at < weights.length(); at += PIECE) {
      int some = (int) Math.min(PIECE, weights.length() - at);
      FloatPointer v = Blas.pointer(state, at);
      FloatPointer w = Blas.pointer(weights, at);
      cblas_saxpy(some, -momentum, v, 1, w, 1);
      cblas_sscal(some, momentum, v, 1);
      cblas_saxpy(some, (float) -rule.rate(), Blas.pointer(gradient, at), 1, v, 1);
      cblas_saxpy(some, (float) (1 + rule.momentum()), v, 1, w, 1);
    }
  }

  private MomentSteps moments(
      MomentSteps.Kind kind, INDArray gradient, double beta1, double beta2) {
    return kernels.get(
        new MomentSteps.Size(kind, gradient.length(), beta1, beta2), MomentSteps::new);
  }

  /** Adds a vector times a factor to another. */
  private static void add(double factor, INDArray from, INDArray to) {
    for (long at = 0; at < from.length(); at += CHUNK) {
      int some = (int) Math.min(CHUNK, from.length() - at);
      cblas_saxpy(some, (float) factor, Blas.pointer(from, at), 1, Blas.pointer(to, at), 1);
    }
  }

  @Override
  public void clip(INDArray gradient, double limit) {
    if (!rows.squaresAreFinite(gradient)) { // ND4J's maximum and minimum make limits of NaN
      plain.clip(gradient, limit);
      return;
    }
    Nd4j.getExecutioner().exec(new ScalarMin(gradient, null, gradient, limit));
    Nd4j.getExecutioner().exec(new ScalarMax(gradient, null, gradient, -limit));
  }
}
