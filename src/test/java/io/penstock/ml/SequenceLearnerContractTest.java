package io.penstock.ml;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.lit;

import org.apache.spark.ml.evaluation.Evaluator;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

class SequenceLearnerContractTest
    extends ParamsContract<PipelineParallelSequenceLearner, PipelineParallelSequenceModel> {
  @Override
  PipelineParallelSequenceLearner estimator() {
    return Counting.learner().setLogLikelihoodCol("logLikelihood").setPerplexityCol("perplexity");
  }

  @Override
  Dataset<Row> data(SparkSession session) {
    return Counting.rows(session);
  }

  @Override
  Column broken() {
    return array(lit(1), lit(null).cast("int"));
  }

  @Override
  Evaluator evaluator() {
    return new PerplexityEvaluator();
  }

  @Override
  MLReader<PipelineParallelSequenceLearner> estimatorReader() {
    return PipelineParallelSequenceLearner.read();
  }

  @Override
  MLReader<PipelineParallelSequenceModel> modelReader() {
    return PipelineParallelSequenceModel.read();
  }
}
