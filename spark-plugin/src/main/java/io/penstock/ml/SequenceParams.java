package io.penstock.ml;

import org.apache.spark.ml.param.Param;

/** The params of {@link PipelineParallelSequenceLearner} and its model, with getters. */
public interface SequenceParams extends SmoothingParams, ClassWeightParams {
  private <P extends Param<?>> P own(String name) {
    return paramRegistry().get(name);
  }

  /** Param for the column of token ids. Default: "features" */
  default Param<String> featuresCol() {
    return own("featuresCol");
  }

  /** Param for the column of labels. Default: none, the label of a token is the next token */
  default Param<String> labelCol() {
    return own("labelCol");
  }

  /** Param for the column of predicted ids; empty for none. Default: "prediction" */
  default Param<String> predictionCol() {
    return own("predictionCol");
  }

  /** Param for the column of the labels' log-likelihoods; empty for none. Default: "" */
  default Param<String> logLikelihoodCol() {
    return own("logLikelihoodCol");
  }

  /** Param for the column of a row's perplexity; empty for none. Default: "" */
  default Param<String> perplexityCol() {
    return own("perplexityCol");
  }

  default String getFeaturesCol() {
    return $(featuresCol());
  }

  default String getLabelCol() {
    return $(labelCol());
  }

  default String getPredictionCol() {
    return $(predictionCol());
  }

  default String getLogLikelihoodCol() {
    return $(logLikelihoodCol());
  }

  default String getPerplexityCol() {
    return $(perplexityCol());
  }
}
