package io.penstock.ml;

/**
 * Setters of estimators whose labels are classes, as ids of tokens are too.
 *
 * <p>Like all of MLlib's they are for one thread at a time.
 *
 * @param <E> the estimator's own type, which every setter returns
 */
public interface ClassLabelEstimator<E extends ClassLabelEstimator<E>>
    extends PipelineParallelEstimator<E>, SmoothingParams, ClassWeightParams {
  /** Sets the share of a label that is spread evenly over all classes; 0 for none. */
  @SuppressWarnings("unchecked") // an estimator names itself
  default E setLabelSmoothing(double share) {
    set(labelSmoothing(), share);
    return (E) this;
  }

  /**
   * Sets how much a label of each class counts, times the row's weight; none where all count once.
   */
  @SuppressWarnings("unchecked") // an estimator names itself
  default E setClassWeights(double... weights) {
    set(classWeights(), weights);
    return (E) this;
  }
}
