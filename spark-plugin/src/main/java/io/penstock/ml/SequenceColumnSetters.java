package io.penstock.ml;

/**
 * Setters of the columns that {@link PipelineParallelSequenceLearner} and its model read and
 * append.
 *
 * <p>Like all of MLlib's they are for one thread at a time.
 *
 * @param <S> the estimator's or model's own type, which every setter returns
 */
public interface SequenceColumnSetters<S extends SequenceColumnSetters<S>> extends SequenceParams {
  @SuppressWarnings("unchecked") // an estimator or model names itself
  private S self() {
    return (S) this;
  }

  /** Sets the column of token ids. */
  default S setFeaturesCol(String name) {
    set(featuresCol(), name);
    return self();
  }

  /** Sets the column for the likeliest ids; empty for none. */
  default S setPredictionCol(String name) {
    set(predictionCol(), name);
    return self();
  }

  /** Sets the column for the labels' log-likelihoods; empty for none. */
  default S setLogLikelihoodCol(String name) {
    set(logLikelihoodCol(), name);
    return self();
  }

  /** Sets the column for the rows' perplexity; empty for none. */
  default S setPerplexityCol(String name) {
    set(perplexityCol(), name);
    return self();
  }
}
