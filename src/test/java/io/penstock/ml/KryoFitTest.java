package io.penstock.ml;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class KryoFitTest {
  @TempDir Path directory;

  @Test
  void fittingAndScoringDoNotMindWhichSerializerSparkHas() throws Exception {
    try (SparkSession spark =
        SparkSession.builder()
            .master("local[2]")
            .config("spark.ui.enabled", "false")
            .config("spark.serializer", "org.apache.spark.serializer.KryoSerializer")
            .getOrCreate()) {
      Dataset<Row> rows =
          spark.range(0, 60, 1, 3).selectExpr("id % 2 + id / 1000d a", "id % 2 label");
      spark.sparkContext().setCheckpointDir(directory.toUri().toString());
      PipelineParallelClassificationModel model =
          new PipelineParallelClassifier()
              .setFeaturesCols("a")
              .setLayers(1, 8, 2)
              .setEpochs(30)
              .setBatchSize(20)
              .setLearningRate(0.05)
              .setCheckpointInterval(10)
              .fit(rows);
      assertEquals(60, model.transform(rows).where("prediction = label").count());
    }
  }
}
