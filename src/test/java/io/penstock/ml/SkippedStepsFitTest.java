package io.penstock.ml;

import static org.apache.spark.sql.functions.expr;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.event.RunIncident;
import io.penstock.event.RunIncident.Kind;
import io.penstock.launch.job.TrainingFailedException;
import io.penstock.testing.LocalSpark;
import io.penstock.train.DivergedException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerEvent;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A fit with {@code onBadNumbers} skip leaves out the steps of a bad row, and says so. */
@Timeout(240)
@LocalSpark(slots = 4)
class SkippedStepsFitTest {
  private static final List<RunIncident> SKIPPED = new CopyOnWriteArrayList<>();
  private static SparkSession spark;
  private static Dataset<Row> rows;

  @BeforeAll
  static void start(SparkSession session) {
    spark = session;
    rows = Blobs.rows(spark).cache();
    spark
        .sparkContext()
        .addSparkListener(
            new SparkListener() {
              @Override
              public void onOtherEvent(SparkListenerEvent event) {
                if (event instanceof RunIncident told && told.kind() == Kind.STEP_SKIPPED) {
                  SKIPPED.add(told);
                }
              }
            });
  }

  @BeforeEach
  void forget() throws Exception {
    spark.sparkContext().listenerBus().waitUntilEmpty();
    SKIPPED.clear();
  }

  /** Rows of which some are finite, but too large for the first layer. */
  private static Dataset<Row> large(String which) {
    String each = "transform(floats, x -> if(" + which + ", x * 1e38f, x))";
    return rows.withColumn("floats", expr(each));
  }

  private static PipelineParallelClassifier skipping() {
    return Blobs.classifier().setFeaturesCol("floats").setOnBadNumbers("skip");
  }

  @Test
  void oneRowTooLargeCostsItsStepInEveryEpochOnAnyNumberOfStages() throws Exception {
    Map<Integer, float[]> expected = null;
    List<String> told = null;
    for (int stages = 1; stages <= 3; stages++) {
      SKIPPED.clear();
      PipelineParallelClassificationModel model =
          skipping().setNumStages(stages).fit(large("id = 77"));
      TrainingSummary summary = model.summary();
      assertEquals(2, summary.skippedSteps());
      assertTrue(summary.toString().contains("2 steps skipped for numbers that are not finite"));
      for (double loss : summary.objectiveHistory()) {
        assertTrue(Double.isFinite(loss), "loss " + loss);
      }
      spark.sparkContext().listenerBus().waitUntilEmpty();
      assertEquals(List.of(0, 1), SKIPPED.stream().map(RunIncident::epoch).toList());
      List<String> now = SKIPPED.stream().map(RunIncident::text).toList();
      String pattern = "step \\d of 4 is skipped: (in micro-batch \\d, )?layer \\d, Dense.*";
      assertTrue(now.get(0).matches(pattern), now.get(0));
      Map<Integer, float[]> weights = summary.result().weights().toMap();
      if (expected == null) {
        expected = weights;
        told = now;
      }
      assertEquals(told, now);
      expected.forEach((layer, values) -> assertArrayEquals(values, weights.get(layer), 0));
    }
  }

  @Test
  void rowsThatAreAllTooLargeEndTheFit() {
    TrainingFailedException thrown =
        assertThrows(TrainingFailedException.class, () -> skipping().fit(large("true")));
    DivergedException cause = assertInstanceOf(DivergedException.class, thrown.getCause());
    assertEquals(0, cause.epoch());
    assertEquals(3, cause.step());
    assertTrue(cause.getMessage().contains("had 4 steps in a row skipped"), cause.getMessage());
  }

  @Test
  void withoutBadNumbersSkippingChangesNothing() {
    PipelineParallelClassificationModel failing = Blobs.classifier().setNumStages(2).fit(rows);
    PipelineParallelClassificationModel model =
        Blobs.classifier().setNumStages(2).setOnBadNumbers("skip").fit(rows);
    assertEquals(0, model.summary().skippedSteps());
    assertFalse(model.summary().toString().contains("skipped"));
    failing
        .summary()
        .result()
        .weights()
        .toMap()
        .forEach(
            (layer, values) ->
                assertArrayEquals(values, model.summary().result().weights().of(layer), 0));
  }
}
