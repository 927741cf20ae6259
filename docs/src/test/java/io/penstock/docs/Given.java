package io.penstock.docs;

import io.penstock.ml.PipelineParallelClassificationModel;
import io.penstock.ml.PipelineParallelClassifier;
import io.penstock.ml.PipelineParallelRegressor;
import io.penstock.ml.PipelineParallelSequenceLearner;
import io.penstock.nn.network.Sequential;
import org.apache.spark.ml.feature.StandardScaler;
import org.apache.spark.ml.feature.VectorAssembler;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** What a Java block of a page may use without saying where it comes from; all have these names. */
public abstract class Given {
  protected SparkSession spark;
  protected Dataset<Row> df;
  protected Dataset<Row> rows;
  protected Dataset<Row> more;
  protected Dataset<Row> train;
  protected Dataset<Row> test;
  protected Dataset<Row> heldBack;
  protected VectorAssembler assembler;
  protected StandardScaler scaler;
  protected Sequential network;
  protected PipelineParallelClassifier classifier;
  protected PipelineParallelRegressor regressor;
  protected PipelineParallelSequenceLearner learner;
  protected PipelineParallelClassificationModel model;
  protected String folder;
}
