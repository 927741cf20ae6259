package io.penstock.ml;

import static org.apache.spark.sql.functions.expr;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.feed.EmptyDataException;
import io.penstock.nn.Losses;
import io.penstock.nn.Sequential;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.spark.ml.Estimator;
import org.apache.spark.ml.evaluation.MulticlassClassificationEvaluator;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.tuning.ParamGridBuilder;
import org.apache.spark.ml.tuning.TrainValidationSplit;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Validation, early stopping and models to begin with: the same rules for every estimator. */
@Timeout(120)
class ValidatedFitTest {
  private static SparkSession spark;
  private static Dataset<Row> rows;

  @TempDir Path directory;

  @BeforeAll
  static void start() {
    spark = Blobs.session();
    rows =
        Blobs.rows(spark)
            .withColumn("held", expr("id % 4 = 0"))
            .withColumn("tokens", expr("transform(sequence(1, 3 + id % 3), i -> (id + i) % 5)"))
            .cache();
  }

  @AfterAll
  static void stop() {
    spark.stop();
  }

  /** Every estimator, with a network of its own for the same rows. */
  static List<PipelineParallelEstimator<?>> estimators() {
    Sequential tagger =
        Sequential.input(6).embedding(5, 8).dense(5).loss(Losses.softmaxCrossEntropy()).build();
    return List.of(
        Blobs.classifier(),
        new PipelineParallelRegressor().setLayers(4, 8, 1).setBatchSize(32).setLearningRate(0.02),
        new PipelineParallelSequenceLearner()
            .setNetwork(tagger)
            .setFeaturesCol("tokens")
            .setBatchSize(32)
            .setLearningRate(0.02));
  }

  static Stream<PipelineParallelEstimator<?>> each() {
    return estimators().stream().peek(one -> one.setEpochs(3));
  }

  private static PipelineParallelModel<?> fit(
      PipelineParallelEstimator<?> estimator, Dataset<Row> data) {
    return (PipelineParallelModel<?>) ((Estimator<?>) estimator).fit(data);
  }

  private static Map<Integer, float[]> weights(PipelineParallelModel<?> model) {
    return model.summary().result().weights();
  }

  private static void assertSame(Map<Integer, float[]> wanted, Map<Integer, float[]> weights) {
    assertEquals(wanted.keySet(), weights.keySet());
    wanted.forEach((layer, values) -> assertArrayEquals(values, weights.get(layer)));
  }

  private static String refused(Runnable deed) {
    return assertThrows(IllegalArgumentException.class, deed::run).getMessage();
  }

  @ParameterizedTest
  @MethodSource("each")
  void heldBackRowsAreMeasuredOnAndNotTrainedOn(PipelineParallelEstimator<?> estimator) {
    TrainingSummary alone = fit(estimator, rows.where("not held")).summary();
    estimator.setValidationIndicatorCol("held");
    PipelineParallelModel<?> model = fit(estimator, rows.repartition(7));
    assertArrayEquals(alone.objectiveHistory(), model.summary().objectiveHistory());
    assertEquals(90, model.summary().numRows());
    assertEquals(30, model.summary().numValidationRows());
    assertEquals("held", model.getValidationIndicatorCol(), "the model tells what it was fit with");
    List<Row> epochs = model.summary().epochs().collectAsList();
    assertEquals(3, epochs.size());
    estimator.setNumStages(1);
    TrainingSummary one = fit(estimator, rows).summary();
    for (int i = 0; i < 3; i++) {
      assertEquals(epochs.get(i).getDouble(2), one.epochs().collectAsList().get(i).getDouble(2));
      assertEquals(epochs.get(i).getDouble(3), one.epochs().collectAsList().get(i).getDouble(3));
    }
  }

  @ParameterizedTest
  @MethodSource("each")
  void fitEndsWhenItGetsNoBetterAndKeepsTheBestWeights(PipelineParallelEstimator<?> estimator) {
    estimator.setValidationIndicatorCol("held").setEpochs(400).setPatience(2).setTol(1e-3);
    estimator.setLearningRate(0.05);
    PipelineParallelModel<?> model = fit(estimator, rows);
    TrainingSummary summary = model.summary();
    assertTrue(summary.stoppedEarly(), summary.toString());
    int best = summary.bestEpoch().orElseThrow();
    assertEquals(best + 3, summary.totalIterations());
    estimator.clear(estimator.patience());
    estimator.clear(estimator.tol());
    PipelineParallelModel<?> until = fit(estimator.setEpochs(best + 1), rows);
    assertSame(weights(until), weights(model));
  }

  @Test
  void aRowOfWeightTwoCountsTwiceInLossAndMetric() {
    String weight = "if(held and id % 3 = 0, 2, 1) weight";
    Dataset<Row> weighted = rows.selectExpr("*", weight);
    Dataset<Row> twice = rows.union(rows.where("held and id % 3 = 0"));
    PipelineParallelClassifier classifier = Blobs.classifier().setValidationIndicatorCol("held");
    List<Row> wanted = classifier.fit(twice).summary().epochs().collectAsList();
    List<Row> told =
        classifier.setWeightCol("weight").fit(weighted).summary().epochs().collectAsList();
    for (int i = 0; i < wanted.size(); i++) {
      assertEquals(wanted.get(i).getDouble(1), told.get(i).getDouble(1), 1e-6);
      assertEquals(wanted.get(i).getDouble(2), told.get(i).getDouble(2), 1e-6);
      assertEquals(wanted.get(i).getDouble(3), told.get(i).getDouble(3), 1e-6);
    }
    String none =
        refused(() -> classifier.fit(rows.selectExpr("*", "if(held, 0, 1) weight")));
    assertTrue(none.contains("'weight' is 0 in every row for validation"), none);
  }

  @Test
  void withoutAColumnTolStopsOnTheTrainingLoss() {
    TrainingSummary summary =
        Blobs.classifier().setEpochs(400).setTol(0.05).fit(rows).summary();
    assertTrue(summary.stoppedEarly());
    assertTrue(summary.bestEpoch().isEmpty());
    double[] losses = summary.objectiveHistory();
    double best = Arrays.stream(losses, 0, losses.length - 1).min().orElseThrow();
    assertTrue(losses[losses.length - 1] >= best - 0.05);
  }

  @ParameterizedTest
  @MethodSource("each")
  void aFitMayBeginWithAModelOfAnotherNumberOfStages(PipelineParallelEstimator<?> estimator)
      throws Exception {
    PipelineParallelModel<?> before = fit(estimator, rows);
    estimator.setInitialModel(before);
    PipelineParallelModel<?> next = fit(estimator, rows);
    assertTrue(
        next.summary().objectiveHistory()[0] < before.summary().objectiveHistory()[0],
        "it begins where the other ended");
    assertFalse(next.hasParam("initialModel"), "a model does not drag others with it");
    String path = directory.resolve("model").toString();
    before.write().overwrite().save(path);
    PipelineParallelModel<?> loaded = load(before, path);
    assertFalse(loaded.hasSummary());
    estimator.setInitialModel(loaded).setNumStages(1);
    PipelineParallelEstimator<?> copy =
        (PipelineParallelEstimator<?>) estimator.copy(ParamMap.empty());
    assertSame(weights(next), weights(fit(copy, rows)));
  }

  private static PipelineParallelModel<?> load(PipelineParallelModel<?> like, String path)
      throws ReflectiveOperationException {
    return (PipelineParallelModel<?>)
        like.getClass().getMethod("load", String.class).invoke(null, path);
  }

  @Test
  void aModelOfAnotherNetworkIsRefusedWithTheFirstLayerThatDiffers() {
    PipelineParallelClassificationModel model = Blobs.classifier().fit(rows);
    PipelineParallelClassifier other = Blobs.classifier().setInitialModel(model);
    String told = refused(() -> other.setLayers(4, 9, 3).transformSchema(rows.schema()));
    assertTrue(told.contains("has as layer 0 Dense[outputs=8"), told);
    assertTrue(told.contains("the network Dense[outputs=9"), told);
    told = refused(() -> other.setLayers(4, 8, 3, 3).fit(rows));
    assertTrue(told.contains("has as layer 3 none, the network ActivationLayer"), told);
    told = refused(() -> other.setLayers(5, 8, 3).fit(rows));
    assertTrue(told.contains("takes rows of shape [4], the network rows of [5]"), told);
  }

  @Test
  void anEstimatorThatBeginsWithAModelIsNotSavedWithoutIt() {
    PipelineParallelClassifier classifier =
        Blobs.classifier().setInitialModel(Blobs.classifier().fit(rows));
    assertTrue(refused(classifier::write).contains("clear(estimator.initialModel())"));
    classifier.clear(classifier.initialModel());
    classifier.write();
  }

  @Test
  void wrongParamsAndColumnsAreRefusedBeforeAJob() {
    assertTrue(refused(() -> Blobs.classifier().setPatience(-1)).startsWith("patience is -1"));
    assertTrue(refused(() -> Blobs.classifier().setTol(-1)).startsWith("tol is -1"));
    String type =
        refused(
            () ->
                Blobs.classifier().setValidationIndicatorCol("id").transformSchema(rows.schema()));
    assertTrue(type.contains("'id' is of type bigint"), type);
    String missing =
        refused(
            () ->
                Blobs.classifier().setValidationIndicatorCol("x").transformSchema(rows.schema()));
    assertTrue(missing.contains("no validation indicator column 'x'"), missing);
  }

  @Test
  void nullsAreRefusedOrLeftOutAsHandleInvalidSays() {
    Dataset<Row> nulls = rows.withColumn("held", expr("if(id = 5, null, held)"));
    PipelineParallelClassifier classifier = Blobs.classifier().setValidationIndicatorCol("held");
    assertTrue(refused(() -> classifier.fit(nulls)).contains("'held' is null"));
    TrainingSummary summary = classifier.setHandleInvalid("skip").fit(nulls).summary();
    assertEquals(89, summary.numRows());
    assertEquals(30, summary.numValidationRows());
    assertThrows(EmptyDataException.class, () -> classifier.fit(rows.where("held")));
  }

  @Test
  void theColumnGoesThroughTuning() {
    PipelineParallelClassifier classifier = Blobs.classifier().setValidationIndicatorCol("held");
    ParamMap[] grid =
        new ParamGridBuilder().addGrid(classifier.patience(), new int[] {1}).build();
    new TrainValidationSplit()
        .setEstimator(classifier)
        .setEvaluator(new MulticlassClassificationEvaluator())
        .setEstimatorParamMaps(grid)
        .fit(rows);
  }
}
