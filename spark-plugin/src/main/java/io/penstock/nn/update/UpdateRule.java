package io.penstock.nn.update;

import io.penstock.array.HostCopy;
import io.penstock.array.NativeArrays;
import io.penstock.compute.Compute;
import io.penstock.compute.Updates;
import java.util.Set;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.AMSGradUpdater;
import org.nd4j.linalg.learning.AdamUpdater;
import org.nd4j.linalg.learning.GradientUpdater;
import org.nd4j.linalg.learning.NadamUpdater;
import org.nd4j.linalg.learning.NesterovsUpdater;
import org.nd4j.linalg.learning.SgdUpdater;
import org.nd4j.linalg.learning.config.AMSGrad;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Nadam;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.learning.config.Sgd;

/**
 * Step rule of one of ND4J's updaters for one layer. For one thread at a time. Those that compute
 * has a rule for go by it; all others by ND4J's own class, and so does a user's that extends one of
 * these: what it does differently would be passed over.
 *
 * @param updater whose memory is {@code state}
 * @param state as {@link Updates} lays it out, where there is a rule: as ND4J does
 */
record UpdateRule(GradientUpdater<?> updater, INDArray state) {
  /** The rule that subtracts steps from the weights as they are. */
  private static final Updates.Rule AS_IS = new Updates.Sgd(1);

  /**
   * Takes a step.
   *
   * @param gradient all that a layer trains, densely; overwritten
   * @param weights densely; changed
   */
  void step(INDArray gradient, INDArray weights, int step, int epoch, Compute compute) {
    Updates.Rule rule = at(step, epoch);
    if (rule != null) {
      compute.updates().step(rule, state, gradient, weights);
    } else {
      try (HostCopy own = HostCopy.of(gradient)) {
        // ND4J's updaters are five times as fast if everything is labelled 'c'.
        updater.applyUpdater(own.host().reshape('c', 1, gradient.length()), step, epoch);
        if (own.host() != gradient) {
          NativeArrays.copy(own.host(), gradient);
        }
      }
      compute.updates().step(AS_IS, null, gradient, weights);
    }
  }

  /**
   * Returns whether there is a rule for an updater, so that its state lies where the weights do;
   * all others compute on the host, and so theirs lies there.
   */
  static boolean computesAnywhere(IUpdater config) {
    return Set.of(Sgd.class, Nesterovs.class, Adam.class, AMSGrad.class, Nadam.class)
        .contains(config.getClass());
  }

  /** Returns the rule with its numbers at a step; null if ND4J's updater is left to itself. */
  private Updates.Rule at(int step, int epoch) {
    Class<?> kind = updater.getClass();
    IUpdater config = updater.getConfig();
    if (kind == SgdUpdater.class && config instanceof Sgd) {
      return new Updates.Sgd(config.getLearningRate(step, epoch));
    }
    if (kind == NesterovsUpdater.class && config instanceof Nesterovs nesterovs) {
      return new Updates.Nesterovs(
          config.getLearningRate(step, epoch), nesterovs.currentMomentum(step, epoch));
    }
    if (kind == AdamUpdater.class && config instanceof Adam adam) {
      Corrected now = Corrected.of(config, adam.getBeta1(), adam.getBeta2(), step, epoch);
      return new Updates.Adam(
          now.rate(), adam.getBeta1(), adam.getBeta2(), now.epsilon(adam.getEpsilon()));
    }
    if (kind == AMSGradUpdater.class && config instanceof AMSGrad ams) {
      Corrected now = Corrected.of(config, ams.getBeta1(), ams.getBeta2(), step, epoch);
      return new Updates.AmsGrad(
          now.rate(), ams.getBeta1(), ams.getBeta2(), now.epsilon(ams.getEpsilon()));
    }
    if (kind == NadamUpdater.class && config instanceof Nadam nadam) {
      Corrected now = Corrected.of(config, nadam.getBeta1(), nadam.getBeta2(), step, epoch);
      return new Updates.Nadam(
          now.rate(), nadam.getBeta1(), nadam.getBeta2(), now.epsilon(nadam.getEpsilon()));
    }
    return null;
  }
}
