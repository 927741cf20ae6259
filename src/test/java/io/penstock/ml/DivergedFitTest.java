package io.penstock.ml;

import static org.apache.spark.sql.functions.expr;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.event.RunEnded;
import io.penstock.launch.job.TrainingFailedException;
import io.penstock.testing.LocalSpark;
import io.penstock.train.DivergedException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerEvent;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.schedule.MapSchedule;
import org.nd4j.linalg.schedule.ScheduleType;

/** A fit whose numbers go bad fails, says where and why, and leaves nothing bad behind. */
@Timeout(240)
@LocalSpark(slots = 4)
class DivergedFitTest {
  private static SparkSession spark;
  private static Dataset<Row> rows;

  @TempDir Path directory;

  @BeforeAll
  static void start(SparkSession session) {
    spark = session;
    rows = Blobs.rows(spark).cache();
  }

  private static DivergedException diverged(
      PipelineParallelClassifier classifier, Dataset<Row> data) {
    TrainingFailedException thrown =
        assertThrows(TrainingFailedException.class, () -> classifier.fit(data));
    DivergedException cause = assertInstanceOf(DivergedException.class, thrown.getCause());
    assertTrue(thrown.getMessage().contains(cause.getMessage()), thrown.getMessage());
    return cause;
  }

  @Test
  void aLearningRateFarTooLargeIsToldAlikeOnAnyNumberOfStages() throws Exception {
    List<RunEnded> ended = new CopyOnWriteArrayList<>();
    spark
        .sparkContext()
        .addSparkListener(
            new SparkListener() {
              @Override
              public void onOtherEvent(SparkListenerEvent event) {
                if (event instanceof RunEnded end) {
                  ended.add(end);
                }
              }
            });
    String told = null;
    for (int stages = 1; stages <= 3; stages++) {
      DivergedException cause =
          diverged(
              Blobs.classifier()
                  .setLayers(4, 8, 8, 8, 3) // in the second step a forward overflows, on one rank
                  .setUpdater("sgd")
                  .setLearningRate(1e15)
                  .setNumStages(stages),
              rows);
      assertEquals(0, cause.epoch());
      assertEquals(1, cause.step());
      told = told == null ? cause.getMessage() : told;
      assertEquals(told, cause.getMessage());
    }
    assertTrue(told.startsWith("Training ended in epoch 1, step 2 of 4, where numbers"), told);
    assertTrue(told.contains("Try a smaller learning rate (stepSize)"), told);
    spark.sparkContext().listenerBus().waitUntilEmpty();
    assertEquals(3, ended.size());
    ended.forEach(end -> assertEquals(RunEnded.Outcome.FAILED, end.outcome()));
  }

  @Test
  void featuresFarTooLargeAreTold() {
    Dataset<Row> large = rows.withColumn("floats", expr("transform(floats, x -> x * 1e38f)"));
    DivergedException cause = diverged(Blobs.classifier().setFeaturesCol("floats"), large);
    assertEquals(0, cause.epoch());
    assertEquals(0, cause.step());
    assertEquals(0, cause.layer());
    assertTrue(cause.getMessage().contains("StandardScaler"), cause.getMessage());
  }

  /** No number is infinite then, but the model could not tell anything. */
  @Test
  void weightsTooLargeToBeMultipliedByAreToldAfterTheLastStepToo() {
    PipelineParallelClassifier once =
        Blobs.classifier()
            .setUpdater("sgd")
            .setLearningRate(1e30)
            .setBatchSize(1000)
            .setNumMicroBatches(2)
            .setMaxIter(1);
    DivergedException cause = diverged(once, rows);
    assertEquals(0, cause.epoch());
    assertEquals(0, cause.step());
    assertTrue(cause.getMessage().contains("weights are so large"), cause.getMessage());
  }

  @Test
  void theLastGoodCheckpointStays() {
    spark.sparkContext().setCheckpointDir(directory.toUri().toString());
    Sgd bad = new Sgd(new MapSchedule(ScheduleType.EPOCH, Map.of(0, 0.01, 2, 1e30)));
    PipelineParallelClassifier classifier =
        Blobs.classifier()
            .setUpdater(bad)
            .setMaxIter(9)
            .setCheckpointInterval(1)
            .setNumCheckpoints(1);
    TrainingFailedException thrown =
        assertThrows(TrainingFailedException.class, () -> classifier.fit(rows));
    assertTrue(thrown.getMessage().contains("The weights after step "), thrown.getMessage());
    Path run =
        Path.of(URI.create(spark.sparkContext().getCheckpointDir().get()))
            .toFile()
            .listFiles()[0]
            .toPath();
    PipelineParallelClassificationModel kept =
        PipelineParallelClassificationModel.load(run.toFile().listFiles()[0].toString());
    assertEquals(2, Blobs.classifier().setInitialModel(kept).fit(rows).summary().totalIterations());
  }

  @Test
  void aModelWithWeightsThatAreNotFiniteIsNoPlaceToBegin() {
    PipelineParallelClassificationModel model = Blobs.classifier().setMaxIter(1).fit(rows);
    model.fittedNetwork().scorer().weights().of(0)[3] = Float.NaN;
    String told =
        assertThrows(
                IllegalArgumentException.class,
                () -> Blobs.classifier().setInitialModel(model).fit(rows))
            .getMessage();
    assertTrue(told.contains("initial weights of layer 0"), told);
    assertTrue(told.contains("1 of 32 numbers of weights are not finite, the first is NaN"), told);
    String place = directory.resolve("model").toString();
    String saving = assertThrows(RuntimeException.class, () -> model.save(place)).getMessage();
    assertTrue(saving.contains("Layer 0 is not fit to be kept"), saving);
  }
}
