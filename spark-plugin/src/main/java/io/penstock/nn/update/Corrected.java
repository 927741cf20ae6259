package io.penstock.nn.update;

import org.nd4j.linalg.learning.config.IUpdater;

/**
 * Bias correction of optimizers whose two moments begin at zero: Adam (Kingma and Ba, 2014, arXiv
 * 1412.6980, algorithm 1), AMSGrad (Reddi et al., 2018, arXiv 1904.09237, corrected as Adam is) and
 * Nadam (Dozat, 2016, as Ruder writes it, arXiv 1609.04747).
 *
 * <p>Epsilon is added to the root of the corrected moment: {@code rate · m̂ / (√v̂ + ε)}. ND4J's
 * operations add it to that of the uncorrected one, and its Nadam does not correct that one at all,
 * so that its first steps are 31 times too long. Here kernels get a rate and an epsilon that hold
 * both corrections, {@code rate · √(1 - β₂ᵗ) / (1 - β₁ᵗ)} and {@code ε · √(1 - β₂ᵗ)}, so that it is
 * still one pass over memory. Immutable.
 *
 * @param rate of this step, corrected
 * @param second the root of the second moment's correction
 */
record Corrected(double rate, double second) {
  /** Computes the correction at a step, the first of which is 0. */
  static Corrected of(IUpdater config, double beta1, double beta2, int step, int epoch) {
    double first = 1 - Math.pow(beta1, step + 1.0);
    double second = Math.sqrt(1 - Math.pow(beta2, step + 1.0));
    return new Corrected(config.getLearningRate(step, epoch) * second / first, second);
  }

  /** Returns epsilon, corrected likewise. */
  double epsilon(double epsilon) {
    return epsilon * second;
  }
}
