package io.penstock.ml;

import java.util.Locale;
import org.apache.spark.ml.Estimator;
import org.apache.spark.ml.Model;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** An estimator, and rows that it can be fitted to as long as nothing is changed for the worse. */
enum Subject {
  CLASSIFIER {
    @Override
    PipelineParallelEstimator<?> estimator() {
      return Blobs.classifier().setMaxIter(1);
    }

    @Override
    Dataset<Row> plainRows(SparkSession spark) {
      return Blobs.rows(spark);
    }
  },
  REGRESSOR {
    @Override
    PipelineParallelEstimator<?> estimator() {
      return new PipelineParallelRegressor().setLayers(4, 8, 1).setBatchSize(32).setMaxIter(1);
    }

    @Override
    Dataset<Row> plainRows(SparkSession spark) {
      return Blobs.rows(spark);
    }
  },
  LEARNER {
    @Override
    PipelineParallelEstimator<?> estimator() {
      return Counting.learner().setMaxIter(1);
    }

    @Override
    Dataset<Row> plainRows(SparkSession spark) {
      return Counting.rows(spark).selectExpr("*", "features as tags");
    }
  };

  /** One of two stages that trains in a second. */
  abstract PipelineParallelEstimator<?> estimator();

  abstract Dataset<Row> plainRows(SparkSession spark);

  /** Rows in three partitions, with columns of all sorts beside those that are needed. */
  Dataset<Row> rows(SparkSession spark) {
    return plainRows(spark)
        .selectExpr(
            "*",
            "cast(id as string) text",
            "id % 2 = 0 flag",
            "1d one",
            "array('x', 'y') words",
            "named_struct('x', id) struct",
            "transform(array(1, 2, 3, 4), x -> cast(x as double)) wholes",
            "array(1, 2, 3, 4) ints");
  }

  PipelineParallelModel<?> fit(PipelineParallelEstimator<?> estimator, Dataset<Row> rows) {
    return (PipelineParallelModel<?>) ((Estimator<?>) estimator).fit(rows);
  }

  static PipelineParallelModel<?> copy(PipelineParallelModel<?> model) {
    return (PipelineParallelModel<?>) ((Model<?>) model).copy(ParamMap.empty());
  }

  String title() {
    return name().toLowerCase(Locale.ROOT);
  }
}
