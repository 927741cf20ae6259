package io.penstock.ml;

import static org.apache.spark.ml.functions.array_to_vector;
import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;

import org.apache.spark.ml.evaluation.Evaluator;
import org.apache.spark.ml.evaluation.RegressionEvaluator;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

class RegressorContractTest
    extends ParamsContract<PipelineParallelRegressor, PipelineParallelRegressionModel> {
  @Override
  PipelineParallelRegressor estimator() {
    return new PipelineParallelRegressor()
        .setLayers(4, 8, 1)
        .setBatchSize(32)
        .setMaxIter(2)
        .setStepSize(0.02);
  }

  @Override
  Dataset<Row> data(SparkSession session) {
    return Blobs.rows(session).withColumn("label", expr("cast(a - 2 * b + c as double)"));
  }

  @Override
  Column broken() {
    return array_to_vector(array(lit(1.0), lit(Double.NEGATIVE_INFINITY), lit(0.0), lit(0.0)));
  }

  @Override
  Evaluator evaluator() {
    return new RegressionEvaluator();
  }

  @Override
  MLReader<PipelineParallelRegressor> estimatorReader() {
    return PipelineParallelRegressor.read();
  }

  @Override
  MLReader<PipelineParallelRegressionModel> modelReader() {
    return PipelineParallelRegressionModel.read();
  }
}
