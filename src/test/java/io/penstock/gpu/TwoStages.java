package io.penstock.gpu;

import io.penstock.ml.PipelineParallelClassifier;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** A small network and rows for it. */
final class TwoStages {
  private TwoStages() {}

  static Dataset<Row> rows(SparkSession spark) {
    return spark
        .range(0, 512, 1, 2)
        .selectExpr(
            "array(id / 512f, cast(id % 3 as float), cast(id % 7 as float)) features",
            "id % 3 label");
  }

  static PipelineParallelClassifier classifier(int stages, String requireGpu) {
    return new PipelineParallelClassifier()
        .setLayers(new int[] {3, 32, 32, 3})
        .setNumStages(stages)
        .setBatchSize(64)
        .setMaxIter(3)
        .setStepSize(0.01)
        .setRequireGpu(requireGpu);
  }
}
