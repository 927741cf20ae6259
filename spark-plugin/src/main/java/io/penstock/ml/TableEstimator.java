package io.penstock.ml;

/**
 * Setters of estimators whose rows all have the same number of features.
 *
 * <p>Like all of MLlib's they are for one thread at a time.
 *
 * @param <E> the estimator's own type, which every setter returns
 */
public interface TableEstimator<E extends TableEstimator<E>>
    extends PipelineParallelEstimator<E>, TableParams {
  @SuppressWarnings("unchecked") // an estimator names itself
  private E self() {
    return (E) this;
  }

  /** Sets several numeric columns as features; takes the place of {@code setFeaturesCol}. */
  default E setFeaturesCols(String... columns) {
    set(featuresCols(), columns);
    return self();
  }

  /** Sets the sizes of a perceptron's layers, from inputs to outputs. */
  default E setLayers(int... sizes) {
    set(layers(), sizes);
    return self();
  }
}
