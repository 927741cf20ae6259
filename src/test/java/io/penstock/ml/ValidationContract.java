package io.penstock.ml;

import static org.apache.spark.sql.functions.expr;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.apache.spark.ml.Estimator;
import org.apache.spark.ml.Model;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;

/** Validation, early stopping, models to begin with and summaries, whatever the estimator. */
abstract class ValidationContract<
        E extends Estimator<M> & PipelineParallelEstimator<E>,
        M extends Model<M> & PipelineParallelModel<M>>
    extends WeightContract<E, M> {

  private Dataset<Row> held() {
    return rows().withColumn("held", expr("id % 4 = 0"));
  }

  private static void assertSameWeights(
      PipelineParallelModel<?> one, PipelineParallelModel<?> two) {
    Map<Integer, float[]> wanted = one.summary().result().weights().toMap();
    Map<Integer, float[]> found = two.summary().result().weights().toMap();
    assertEquals(wanted.keySet(), found.keySet());
    wanted.forEach((layer, values) -> assertArrayEquals(values, found.get(layer)));
  }

  @Test
  void heldBackRowsAreMeasuredOnAndNotTrainedOn() {
    TrainingSummary alone = estimator().fit(held().where("not held")).summary();
    M model = estimator().setValidationIndicatorCol("held").fit(held().repartition(7));
    TrainingSummary summary = model.summary();
    assertArrayEquals(alone.objectiveHistory(), summary.objectiveHistory());
    assertEquals(rows().count() / 4, summary.numValidationRows());
    assertEquals(rows().count() - rows().count() / 4, summary.numRows());
    assertEquals("held", model.getValidationIndicatorCol(), "it tells what it was fit with");
    assertEquals(answers(model, rows()), answers(model, held().drop("held")), "and needs it not");
    List<Row> epochs = summary.epochs().select("validationLoss", "metric").collectAsList();
    E oneStage = estimator().setValidationIndicatorCol("held").setNumStages(1);
    assertEquals(
        epochs,
        oneStage.fit(held()).summary().epochs().select("validationLoss", "metric").collectAsList());
    assertEquals(estimator().getMaxIter(), epochs.size());
  }

  @Test
  void fitEndsWhenItGetsNoBetterAndKeepsTheBestWeights() {
    E estimator = estimator().setValidationIndicatorCol("held").setStepSize(0.05);
    M stopped = estimator.setMaxIter(400).setPatience(2).setTol(0.01).fit(held());
    TrainingSummary summary = stopped.summary();
    assertTrue(summary.stoppedEarly(), summary.toString());
    int best = summary.bestEpoch().orElseThrow();
    assertEquals(best + 3, summary.totalIterations());
    M until = estimator.setMaxIter(best + 1).setPatience(0).setTol(0).fit(held());
    assertSameWeights(until, stopped);
  }

  @Test
  void aFitMayBeginWithAModelOfAnotherNumberOfStages() throws Exception {
    M next = estimator().setInitialModel(model()).fit(rows());
    assertTrue(
        next.summary().objectiveHistory()[0] < model().summary().objectiveHistory()[0],
        "it begins where the other ended");
    assertFalse(next.hasParam("initialModel"), "a model does not drag others with it");
    String path = directory.resolve("initial").toString();
    model().write().overwrite().save(path);
    E estimator = estimator().setInitialModel(modelReader().load(path)).setNumStages(1);
    assertSameWeights(next, estimator.copy(ParamMap.empty()).fit(rows()));
  }

  @Test
  void anEstimatorThatBeginsWithAModelIsNotSavedWithoutIt() throws Exception {
    E estimator = estimator().setInitialModel(model());
    String told = assertThrows(IllegalArgumentException.class, estimator::write).getMessage();
    assertTrue(told.contains("clear(estimator.initialModel())"), told);
    estimator.clear(estimator.initialModel());
    estimator.write().overwrite().save(directory.resolve("cleared").toString());
  }

  @Test
  void aLoadedModelHasNoSummary() throws Exception {
    assertTrue(model().hasSummary());
    String path = directory.resolve("summary").toString();
    model().write().overwrite().save(path);
    M loaded = modelReader().load(path);
    assertFalse(loaded.hasSummary());
    String told = assertThrows(IllegalStateException.class, loaded::summary).getMessage();
    assertTrue(told.startsWith("No training summary available for " + loaded.uid()), told);
  }

  @Test
  void aValidationColumnThatIsNoneIsRefusedBeforeAnyJob() {
    assertRefused("v", "there is no validation indicator column 'v'. The DataFrame has: id");
    assertRefused("id", "column 'id' is of type bigint, but it says which rows");
  }

  private void assertRefused(String column, String why) {
    E estimator = estimator().setValidationIndicatorCol(column);
    IllegalArgumentException thrown =
        assertThrows(
            IllegalArgumentException.class, () -> estimator.transformSchema(rows().schema()));
    assertTrue(thrown.getMessage().contains(why), thrown.getMessage());
  }
}
