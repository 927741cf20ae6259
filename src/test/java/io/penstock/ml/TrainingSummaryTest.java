package io.penstock.ml;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.nn.loss.Losses;
import io.penstock.nn.network.Sequential;
import io.penstock.testing.LocalSpark;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.schedule.ScheduleType;
import org.nd4j.linalg.schedule.StepSchedule;

@Timeout(120)
@LocalSpark(slots = 4)
class TrainingSummaryTest {
  private static SparkSession spark;
  private static Dataset<Row> rows;
  private static PipelineParallelClassificationModel model;
  private static TrainingSummary summary;

  @TempDir Path directory;

  @BeforeAll
  static void start(SparkSession session) {
    spark = session;
    rows = Blobs.rows(spark).selectExpr("*", "id % 4 = 0 held").cache();
    model = Blobs.classifier().setValidationIndicatorCol("held").setEpochs(4).fit(rows);
    summary = model.summary();
  }

  @Test
  void epochsAreADataFrame() {
    Dataset<Row> epochs = summary.epochs();
    assertEquals(
        List.of("epoch", "loss", "validationLoss", "metric", "seconds", "rowsPerSecond"),
        Arrays.asList(epochs.columns()));
    List<Row> told = epochs.orderBy("epoch").collectAsList();
    assertEquals(4, told.size());
    for (int i = 0; i < 4; i++) {
      assertEquals(i, told.get(i).getInt(0));
      assertEquals(summary.objectiveHistory()[i], told.get(i).getDouble(1));
      assertTrue(told.get(i).getDouble(2) > 0);
      assertTrue(told.get(i).getDouble(3) >= 0 && told.get(i).getDouble(3) <= 1);
      assertEquals(90 / told.get(i).getDouble(4), told.get(i).getDouble(5), 1e-6);
    }
    assertEquals("accuracy", summary.metricName());
    assertEquals(4, summary.totalIterations());
    assertFalse(summary.stoppedEarly());
  }

  @Test
  void withoutValidationItsColumnsAreNull() {
    TrainingSummary plain = Blobs.classifier().fit(rows).summary();
    Row first = plain.epochs().first();
    assertTrue(first.isNullAt(2) && first.isNullAt(3));
    assertEquals(0, plain.numValidationRows());
    assertTrue(plain.bestEpoch().isEmpty());
  }

  @Test
  void theMetricIsThatOfTheModelOnThoseRows() {
    int best = summary.bestEpoch().orElseThrow();
    double hits = model.transform(rows.where("held")).where("prediction = label").count();
    assertEquals(hits / 30, summary.epochs().collectAsList().get(best).getDouble(3));
  }

  @Test
  void sharesOfTimeLieBetweenNoneAndAll() {
    double[] busy = summary.busyShares();
    assertEquals(2, busy.length);
    assertTrue(Arrays.stream(busy).allMatch(share -> share > 0 && share <= 1));
    assertEquals(1 - Arrays.stream(busy).average().orElseThrow(), summary.bubble(), 0.02);
    assertTrue(summary.rowsPerSecond() > 0 && summary.stepSeconds() > 0);
  }

  @Test
  void thePlanNamesScheduleCutAndLayers() {
    String plan = summary.plan();
    assertTrue(
        plan.startsWith(
            "schedule 1f1b: 2 stages on 2 executors, mini-batches of 32 rows in 4 micro-batches"),
        plan);
    assertTrue(plan.contains("stage 1 on executor 1, 27 weights:"), plan);
    assertTrue(plan.contains("  0 Dense[outputs=8"), plan);
    assertTrue(summary.choice().isEmpty() && summary.predictedStepSeconds().isEmpty());
  }

  @Test
  void whatWasPredictedIsToldAgainstWhatWasMeasured() {
    TrainingSummary chosen = Blobs.classifier().setSchedule("auto").fit(rows).summary();
    assertTrue(chosen.predictedStepSeconds().orElseThrow() > 0);
    assertTrue(chosen.choice().orElseThrow().startsWith("chosen: "));
    assertTrue(chosen.toString().contains("Step time predicted "), chosen.toString());
  }

  @Test
  void theLastStepIsAPictureAndAPage() {
    assertEquals(2, summary.timeline().rows().size());
    assertTrue(summary.timelineSvg().startsWith("<svg"), summary.timelineSvg());
    assertTrue(summary.timelineHtml().startsWith("<!DOCTYPE html>"));
    assertTrue(summary.toString().contains("rows/s"), summary.toString());
  }

  @Test
  void copiesKeepItAndLoadedModelsHaveNone() throws Exception {
    assertTrue(model.hasSummary());
    assertArrayEquals(
        summary.objectiveHistory(),
        model.copy(model.extractParamMap()).summary().objectiveHistory());
    String path = directory.resolve("model").toString();
    model.write().save(path);
    PipelineParallelClassificationModel loaded = PipelineParallelClassificationModel.load(path);
    assertFalse(loaded.hasSummary());
    String told = assertThrows(IllegalStateException.class, loaded::summary).getMessage();
    assertTrue(told.startsWith("No training summary available for "), told);
  }

  private static String told(PipelineParallelClassifier estimator) {
    return new FitLog(estimator, Sequential.perceptron(Losses.softmaxCrossEntropy(), 4, 3)).words();
  }

  @Test
  void theLogNamesTheParamsThatAreNotAsUsualAndInShort() {
    assertEquals(
        "batchSize=32, layers=[4, 8, 3], maxIter=2, patience=3, stepSize=0.02",
        told(Blobs.classifier().setPatience(3).setSeed(42)));
    assertEquals("every param at its default", told(new PipelineParallelClassifier()));
    StepSchedule steps = new StepSchedule(ScheduleType.ITERATION, 0.1, 0.5, 100);
    String updater = told(new PipelineParallelClassifier().setUpdater(new Adam(steps)));
    assertTrue(
        updater.startsWith("updater=Adam(learningRateSchedule=StepSchedule(")
            && updater.contains("initialValue=0.1"),
        updater);
    assertTrue(updater.length() < 140 && !updater.contains("{"), updater);
    assertFalse(updater.contains("NaN") || updater.contains("null"), updater);
    assertEquals(
        "updater=Sgd(learningRate=0.5)",
        told(new PipelineParallelClassifier().setUpdater(new Sgd(0.5))));
    double[] weights = new double[500];
    weights[0] = 1;
    String many = told(new PipelineParallelClassifier().setClassWeights(weights).setSeed(1));
    assertTrue(many.length() < 100 && many.endsWith("seed=1"), many);
  }
}
