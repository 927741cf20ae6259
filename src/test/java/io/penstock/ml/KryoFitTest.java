package io.penstock.ml;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class KryoFitTest {
  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void fittingAndScoringDoNotMindWhichSerializerSparkHas(boolean registered) throws Exception {
    try (SparkSession spark =
        SparkSession.builder()
            .master("local[2]")
            .config("spark.ui.enabled", "false")
            .config("spark.serializer", "org.apache.spark.serializer.KryoSerializer")
            .config("spark.kryo.registrationRequired", registered)
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
              .setHandleInvalid("skip")
              .fit(rows);
      assertEquals(60, model.transform(rows).where("prediction = label").count());
      String path = directory.resolve("model").toString();
      model.save(path);
      PipelineParallelClassificationModel loaded = PipelineParallelClassificationModel.load(path);
      List<Row> scored = loaded.transform(rows).select("prediction").collectAsList();
      assertEquals(60, scored.size());
      spark.conf().set("spark.penstock.scoring.way", "pipeline");
      assertEquals(scored, loaded.transform(rows).select("prediction").collectAsList());
      new PipelineParallelClassifier()
          .setFeaturesCols("a")
          .setLayers(1, 8, 2)
          .setEpochs(1)
          .setSchedule("auto")
          .setInitialModel(loaded)
          .fit(rows);
    }
  }
}
