package io.penstock.nn.update;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.CustomOp;
import org.nd4j.linalg.api.ops.impl.updaters.AdamUpdater;
import org.nd4j.linalg.api.ops.impl.updaters.AmsGradUpdater;
import org.nd4j.linalg.api.ops.impl.updaters.NadamUpdater;
import org.nd4j.linalg.learning.GradientUpdater;
import org.nd4j.linalg.learning.config.AMSGrad;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Nadam;

/**
 * The rules whose two moments begin at zero and are corrected for it: Adam (Kingma and Ba, 2014,
 * arXiv 1412.6980, algorithm 1), AMSGrad (Reddi et al., 2018, arXiv 1904.09237, corrected as Adam
 * is) and Nadam (Dozat, 2016, as Ruder writes it, arXiv 1609.04747).
 *
 * <p>Epsilon is added to the root of the corrected moment: {@code rate · m̂ / (√v̂ + ε)}. ND4J's
 * operations add it to that of the uncorrected one, and its Nadam does not correct that one at all,
 * so that its first steps are 31 times too long. Here they get a rate and an epsilon that hold both
 * corrections, {@code rate · √(1 - β₂ᵗ) / (1 - β₁ᵗ)} and {@code ε · √(1 - β₂ᵗ)}, so that it is
 * still one pass over memory.
 *
 * @param rate of this step
 */
record Corrected(double rate, double beta1, double beta2, double epsilon) {
  /** A step so late that the operation's own correction is none. */
  static final int LATE = 1 << 30;

  /** The operations take epsilon in place of a rate of zero. */
  private static final double LEAST = Float.MIN_NORMAL;

  /** Whether it is of ND4J's own classes for these rules: a user's may do anything else. */
  static boolean takes(GradientUpdater<?> updater) {
    Class<?> kind = updater.getClass();
    return kind == org.nd4j.linalg.learning.AdamUpdater.class
        || kind == org.nd4j.linalg.learning.AMSGradUpdater.class
        || kind == org.nd4j.linalg.learning.NadamUpdater.class;
  }

  /** The rule's numbers at a step. */
  static Corrected of(IUpdater config, int step, int epoch) {
    double rate = config.getLearningRate(step, epoch);
    if (config instanceof Adam adam) {
      return new Corrected(rate, adam.getBeta1(), adam.getBeta2(), adam.getEpsilon()).at(step);
    }
    if (config instanceof AMSGrad ams) {
      return new Corrected(rate, ams.getBeta1(), ams.getBeta2(), ams.getEpsilon()).at(step);
    }
    Nadam nadam = (Nadam) config;
    return new Corrected(rate, nadam.getBeta1(), nadam.getBeta2(), nadam.getEpsilon()).at(step);
  }

  private Corrected at(int step) {
    double first = 1 - Math.pow(beta1, step + 1.0);
    double second = Math.sqrt(1 - Math.pow(beta2, step + 1.0));
    double corrected = rate * second / first;
    return new Corrected(Math.max(corrected, LEAST), beta1, beta2, epsilon * second);
  }

  /** As the operation takes them. */
  double[] numbers() {
    return new double[] {rate, beta1, beta2, epsilon};
  }

  /**
   * The operation that makes of a gradient, in place, what is taken from the weights.
   *
   * @param updater whose state it changes
   */
  CustomOp operation(GradientUpdater<?> updater, INDArray gradient) {
    if (updater instanceof org.nd4j.linalg.learning.AdamUpdater adam) {
      return new AdamUpdater(gradient, adam.getV(), adam.getM(), rate, beta1, beta2, epsilon, LATE);
    }
    if (updater instanceof org.nd4j.linalg.learning.AMSGradUpdater ams) {
      return new AmsGradUpdater(
          gradient, ams.getV(), ams.getM(), ams.getVHat(), rate, beta1, beta2, epsilon, LATE);
    }
    var nadam = (org.nd4j.linalg.learning.NadamUpdater) updater;
    return new NadamUpdater(
        gradient, nadam.getV(), nadam.getM(), rate, beta1, beta2, epsilon, LATE);
  }
}
