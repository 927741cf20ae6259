package io.penstock.compute;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Optimizer steps, each over the flat buffers of one layer: weights, gradients {@code [n]} and
 * optimizer state, a whole number of arrays {@code [n]} one after another. For one thread.
 */
public interface Updates {
  /** Optimizer rule with its numbers, as they are at a step. Immutable. */
  sealed interface Rule {}

  /** Stochastic gradient descent: {@code weights -= rate · gradient}; no state. */
  record Sgd(double rate) implements Rule {}

  /**
   * Nesterov's momentum (Sutskever et al., 2013): {@code v' = momentum · v - rate · gradient},
   * {@code weights += (1 + momentum) · v' - momentum · v}; state: the velocity v.
   */
  record Nesterovs(double rate, double momentum) implements Rule {}

  /**
   * Adam (Kingma and Ba, 2014, arXiv 1412.6980), {@code weights -= rate · m / (√v + epsilon)};
   * state: the first moments m, then the second v.
   *
   * @param rate corrected for moments that began at zero
   * @param epsilon corrected likewise
   */
  record Adam(double rate, double beta1, double beta2, double epsilon) implements Rule {}

  /**
   * AMSGrad (Reddi et al., 2018, arXiv 1904.09237): Adam with the largest v that there was; state:
   * m, v, and the largest v. Numbers as Adam's.
   */
  record AmsGrad(double rate, double beta1, double beta2, double epsilon) implements Rule {}

  /**
   * Nadam (Dozat, 2016): Adam with {@code beta1 · m + (1 - beta1) · gradient} in place of m; state:
   * m, v. Numbers as Adam's.
   */
  record Nadam(double rate, double beta1, double beta2, double epsilon) implements Rule {}

  /**
   * Takes a step.
   *
   * @param state changed; of no numbers, or null, if the rule has none
   * @param gradient what it holds afterwards is undefined
   * @param weights changed
   */
  void step(Rule rule, INDArray state, INDArray gradient, INDArray weights);

  /**
   * Cuts every number of {@code gradient} to {@code -limit} to {@code limit}. NaN stays NaN, for it
   * is no number of either size.
   */
  void clip(INDArray gradient, double limit);
}
