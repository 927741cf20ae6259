package io.penstock.ml;

import io.penstock.nn.update.Updater;
import org.nd4j.linalg.learning.config.IUpdater;

/**
 * Setters of the optimizer that all pipeline-parallel estimators share; what they set is told by
 * the getters of {@link OptimizerParams}. Like all of MLlib's they are for one thread at a time.
 *
 * @param <E> the estimator's own type, which every setter returns
 */
@SuppressWarnings("unchecked") // an estimator names itself
public interface OptimizerSetters<E extends OptimizerSetters<E>> extends OptimizerParams {
  /** Sets the optimizer (ND4J: updater) by name: sgd, nesterovs or adam. */
  default E setUpdater(String name) {
    set(updater(), name);
    return (E) this;
  }

  /** Sets one of ND4J's optimizers with all its settings, a learning-rate schedule among them. */
  default E setUpdater(IUpdater value) {
    set(updater(), Updater.of(value).toJson());
    return (E) this;
  }

  /** Sets the learning rate of an optimizer given by name. */
  default E setStepSize(double value) {
    set(stepSize(), value);
    return (E) this;
  }

  /** Calls {@link #setStepSize}, by the name that networks go by. */
  default E setLearningRate(double value) {
    return setStepSize(value);
  }

  /** Sets the largest norm that the gradients of all layers together may have; 0 for any. */
  default E setClipNorm(double norm) {
    set(clipNorm(), norm);
    return (E) this;
  }

  /** Sets the largest size that one number of a gradient may have; 0 for any. */
  default E setClipValue(double size) {
    set(clipValue(), size);
    return (E) this;
  }

  /** Sets the weight decay per step, as a share of the learning rate; 0 for none. */
  default E setWeightDecay(double share) {
    set(weightDecay(), share);
    return (E) this;
  }

  /** Sets the steps in which the learning rate climbs to its full value; 0 for none. */
  default E setWarmUpSteps(int steps) {
    set(warmUpSteps(), steps);
    return (E) this;
  }

  /** Sets how the learning rate then goes down to 0 at the end: none, linear or cosine. */
  default E setLearningRateDecay(String way) {
    set(learningRateDecay(), way);
    return (E) this;
  }

  /**
   * Sets what to do about a step in which a number is NaN or infinite: fail, or skip, which leaves
   * the step out on all executors. How many were is told by {@link TrainingSummary#skippedSteps}.
   */
  default E setOnBadNumbers(String way) {
    set(onBadNumbers(), way);
    return (E) this;
  }
}
