package io.penstock.ml;

import static org.apache.spark.ml.functions.array_to_vector;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;

import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Three classes of rows in four dimensions, each class around a corner of its own: separable. The
 * same features stand there as columns {@code a} to {@code d}, arrays and a vector.
 */
final class Blobs {
  static final int ROWS = 120;
  static final String[] COLUMNS = {"a", "b", "c", "d"};

  private Blobs() {}

  /** The rows, in three partitions. */
  static Dataset<Row> rows(SparkSession spark) {
    return spark
        .range(0, ROWS, 1, 3)
        .selectExpr(
            "id",
            "cast(id % 3 as double) label",
            feature("a", 0),
            feature("b", 1),
            feature("c", 2),
            feature("d", 3))
        .withColumn("floats", expr("array(a, b, c, d)"))
        .withColumn("doubles", expr("cast(floats as array<double>)"))
        .withColumn("features", array_to_vector(col("floats")));
  }

  private static String feature(String name, int number) {
    return String.format(
        "cast(if(id %% 3 = %d, 2, -1) + pmod(hash(id, %d), 1000) / 1000d as float) %s",
        number, number, name);
  }

  /** A classifier for them that trains in a second or two. */
  static PipelineParallelClassifier classifier() {
    return new PipelineParallelClassifier()
        .setLayers(4, 8, 3)
        .setBatchSize(32)
        .setEpochs(2)
        .setLearningRate(0.02);
  }
}
