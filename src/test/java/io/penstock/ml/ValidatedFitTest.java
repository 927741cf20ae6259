package io.penstock.ml;

import static org.apache.spark.sql.functions.expr;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.feed.EmptyDataException;
import io.penstock.testing.LocalSpark;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.ml.evaluation.MulticlassClassificationEvaluator;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.tuning.ParamGridBuilder;
import org.apache.spark.ml.tuning.TrainValidationSplit;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What {@link ValidationContract} need not ask of every estimator. */
@Timeout(120)
@LocalSpark(slots = 4)
class ValidatedFitTest {
  private static SparkSession spark;
  private static Dataset<Row> rows;

  @BeforeAll
  static void start(SparkSession session) {
    spark = session;
    rows = Blobs.rows(spark).withColumn("held", expr("id % 4 = 0")).cache();
  }

  private static String refused(Runnable deed) {
    return assertThrows(IllegalArgumentException.class, deed::run).getMessage();
  }

  /** Room is taken for the steps that are done, not for those that are allowed. */
  @Test
  void asManyEpochsMayBeAllowedAsAnIntHolds() {
    PipelineParallelClassifier endless =
        Blobs.classifier().setMaxIter(Integer.MAX_VALUE).setTol(100);
    assertEquals(2, endless.fit(Blobs.rows(spark)).summary().totalIterations());
    endless.setValidationIndicatorCol("late");
    Dataset<Row> held = Blobs.rows(spark).withColumn("late", expr("id % 5 = 0"));
    assertEquals(2, endless.fit(held).summary().totalIterations());
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
    String none = refused(() -> classifier.fit(rows.selectExpr("*", "if(held, 0, 1) weight")));
    assertTrue(none.contains("'weight' is 0 in every row for validation"), none);
  }

  @Test
  void withoutAColumnTolStopsOnTheTrainingLoss() {
    TrainingSummary summary = Blobs.classifier().setEpochs(400).setTol(0.05).fit(rows).summary();
    assertTrue(summary.stoppedEarly());
    assertTrue(summary.bestEpoch().isEmpty());
    double[] losses = summary.objectiveHistory();
    double best = Arrays.stream(losses, 0, losses.length - 1).min().orElseThrow();
    assertTrue(losses[losses.length - 1] >= best - 0.05);
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
    ParamMap[] grid = new ParamGridBuilder().addGrid(classifier.patience(), new int[] {1}).build();
    new TrainValidationSplit()
        .setEstimator(classifier)
        .setEvaluator(new MulticlassClassificationEvaluator())
        .setEstimatorParamMaps(grid)
        .fit(rows);
  }

  @Test
  void wrongNumbersAreRefusedWhenTheyAreSet() {
    assertTrue(refused(() -> Blobs.classifier().setPatience(-1)).startsWith("patience is -1"));
    assertTrue(refused(() -> Blobs.classifier().setTol(-1)).startsWith("tol is -1"));
    assertTrue(refused(() -> Blobs.classifier().setTol(Double.NaN)).startsWith("tol is NaN"));
  }
}
