package io.penstock.ml;

import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.Param;

/**
 * Params of {@link PipelineParallelSequenceLearner} and its model, with getters.
 *
 * <p>Like all params of MLlib's they may be read by any thread and are set by one at a time.
 */
public interface SequenceParams extends SmoothingParams, ClassWeightParams {
  /** Param for the column of token ids. Default: "features" */
  default Param<String> featuresCol() {
    return paramRegistry()
        .param(
            "featuresCol",
            "features",
            name ->
                new Param<>(
                    uid(),
                    name,
                    "Column of token ids, from 0: array<int>, array<long> or array<short>, as many"
                        + " as the row has.",
                    ParamValidator.text(name, "the name of a column")));
  }

  /** Param for the column of labels. Default: none, the label of a token is the next token */
  default Param<String> labelCol() {
    return paramRegistry()
        .param(
            "labelCol",
            name ->
                new Param<>(
                    uid(),
                    name,
                    "Column of labels, an id for every token: an array as long as that of the"
                        + " features, negative where there is none. Left out, the label of a token"
                        + " is the next token.",
                    ParamValidator.text(name, "the name of a column")));
  }

  /** Param for the column of predicted ids; empty for none. Default: "prediction" */
  default Param<String> predictionCol() {
    return paramRegistry()
        .param(
            "predictionCol",
            "prediction",
            name ->
                new Param<>(
                    uid(),
                    name,
                    "Column for the likeliest id at every place, array<int>. Empty for none.",
                    ParamValidator.text(name, "the name of a column, or empty for none")));
  }

  /** Param for the column of the labels' log-likelihoods; empty for none. Default: "" */
  default Param<String> logLikelihoodCol() {
    return paramRegistry()
        .param(
            "logLikelihoodCol",
            "",
            name ->
                new Param<>(
                    uid(),
                    name,
                    "Column for the natural logarithm of the probability that every label has,"
                        + " array<double>, null where there is no label. Empty for none.",
                    ParamValidator.text(name, "the name of a column, or empty for none")));
  }

  /** Param for the column of a row's perplexity; empty for none. Default: "" */
  default Param<String> perplexityCol() {
    return paramRegistry()
        .param(
            "perplexityCol",
            "",
            name ->
                new Param<>(
                    uid(),
                    name,
                    "Column for the row's perplexity, the power of e of minus the mean"
                        + " log-likelihood; null in a row without labels. Empty for none.",
                    ParamValidator.text(name, "the name of a column, or empty for none")));
  }

  /**
   * Param for the rows that transform scores together (>= 1). Sequences have outputs for every
   * position, so a block is large soon. Default: 16
   */
  @Override
  default IntParam blockSize() {
    return paramRegistry().withDefault(SmoothingParams.super.blockSize(), 16);
  }

  /** Returns the column of token ids: see {@link #featuresCol}. */
  default String getFeaturesCol() {
    return $(featuresCol());
  }

  /** Returns the column of labels: see {@link #labelCol}. */
  default String getLabelCol() {
    return $(labelCol());
  }

  /** Returns the column of predicted ids: see {@link #predictionCol}. */
  default String getPredictionCol() {
    return $(predictionCol());
  }

  /** Returns the column of the labels' log-likelihoods: see {@link #logLikelihoodCol}. */
  default String getLogLikelihoodCol() {
    return $(logLikelihoodCol());
  }

  /** Returns the column of a row's perplexity: see {@link #perplexityCol}. */
  default String getPerplexityCol() {
    return $(perplexityCol());
  }
}
