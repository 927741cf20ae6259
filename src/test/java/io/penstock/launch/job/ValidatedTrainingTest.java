package io.penstock.launch.job;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.checkpoint.NetworkWeights;
import io.penstock.event.EpochCompleted;
import io.penstock.feed.EmptyDataException;
import io.penstock.feed.FeatureColumns;
import io.penstock.feed.LabelKind;
import io.penstock.feed.ValidationColumn;
import io.penstock.nn.update.Updater;
import io.penstock.schedule.generate.Schedules;
import io.penstock.testing.LocalSpark;
import io.penstock.train.EarlyStopping;
import io.penstock.train.TrainingPlan;
import io.penstock.train.Validation;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(120)
@LocalSpark(slots = 3)
class ValidatedTrainingTest {
  private static SparkSession spark;
  private static Dataset<Row> data;

  @BeforeAll
  static void start(SparkSession session) {
    spark = session;
    data = held(SmallRun.rows(spark));
    SmallRun.run(data, SmallRun.plan(1)); // loads ND4J
  }

  /** Every fifth row is held back for validation. */
  static Dataset<Row> held(Dataset<Row> rows) {
    return rows.selectExpr("*", "int(round(a * 90)) % 5 = 0 held");
  }

  static TrainingResult run(Dataset<Row> rows, TrainingPlan plan) {
    RunOptions options = RunOptions.NONE.withValidation(ValidationColumn.of(rows.schema(), "held"));
    return run(rows, plan, options);
  }

  private static TrainingResult run(Dataset<Row> rows, TrainingPlan plan, RunOptions options) {
    FeatureColumns columns = FeatureColumns.of(rows, SmallRun.FEATURES, "label");
    return TrainingJob.run(rows, columns, LabelKind.classId(3), plan, options);
  }

  private static List<Validation> validations(TrainingResult result) {
    return result.epochs().stream().map(EpochCompleted::validation).toList();
  }

  static List<String> schedules() {
    return Schedules.ids().stream().filter(id -> !id.equals("forward")).toList();
  }

  @ParameterizedTest
  @MethodSource("schedules")
  void stagesSchedulesAndPartitionsChangeNothing(String id) {
    TrainingResult one = run(data, SmallRun.plan(1));
    TrainingResult two = run(data.repartition(7), SmallRun.onTwoRanks(id));
    assertEquals(validations(one), validations(two));
    assertArrayEquals(one.stepLosses(), two.stepLosses());
    assertEquals(one.bestEpoch(), two.bestEpoch());
    one.weights().toMap().forEach((layer, w) -> assertArrayEquals(w, two.weights().of(layer)));
  }

  @Test
  void heldBackRowsAreCountedAndNotTrainedOn() {
    TrainingResult held = run(data, SmallRun.plan(2));
    TrainingResult alone = SmallRun.run(data.where("not held"), SmallRun.plan(2));
    assertArrayEquals(alone.stepLosses(), held.stepLosses());
    assertEquals(18, held.epochs().get(0).validation().rows());
    assertEquals(72, held.epochs().get(0).rows());
    assertNull(alone.epochs().get(0).validation());
    assertTrue(alone.bestEpoch().isEmpty());
  }

  @Test
  void aRunEndsWhenTheLossGetsNoBetterAndKeepsTheBestWeights() {
    Updater updater = Updater.adam(0.2);
    TrainingPlan plan = SmallRun.plan(3, 5000, updater).stopping(new EarlyStopping(3, 0));
    TrainingResult stopped = run(data, plan);
    int best = stopped.bestEpoch().orElseThrow();
    assertEquals(best + 4, stopped.epochs().size());
    assertEquals(SmallRun.STEPS * stopped.epochs().size(), stopped.stepLosses().length);
    TrainingResult until = run(data, SmallRun.plan(3, best + 1, updater));
    until
        .weights()
        .toMap()
        .forEach((layer, w) -> assertArrayEquals(w, stopped.weights().of(layer)));
  }

  @Test
  void aColumnThatHoldsBackAllOrNothingIsRefused() {
    String all =
        assertThrows(EmptyDataException.class, () -> run(data.where("held"), SmallRun.plan(2)))
            .getMessage();
    assertTrue(all.contains("'held' is true in every row"), all);
    String none =
        assertThrows(EmptyDataException.class, () -> run(data.where("not held"), SmallRun.plan(2)))
            .getMessage();
    assertTrue(none.contains("'held' is true in no row"), none);
    assertThrows(EmptyDataException.class, () -> run(data.where("a < 0"), SmallRun.plan(2)));
  }

  @Test
  void anotherNumberOfStagesMayGoOnWithTheWeights() {
    TrainingResult before = SmallRun.run(data, SmallRun.plan(3));
    RunOptions options = RunOptions.NONE.withInitialWeights(before.weights());
    TrainingResult one = run(data, SmallRun.plan(1), options);
    TrainingResult two = run(data, SmallRun.plan(2), options);
    assertArrayEquals(one.stepLosses(), two.stepLosses());
    one.weights().toMap().forEach((layer, w) -> assertArrayEquals(w, two.weights().of(layer)));
    assertTrue(one.stepLosses()[0] < before.stepLosses()[0]);
  }

  @Test
  void weightsOfAnotherNetworkAreRefusedWithTheFirstLayer() {
    Map<Integer, float[]> weights =
        new TreeMap<>(SmallRun.run(data, SmallRun.plan(1)).weights().toMap());
    weights.put(2, new float[3]);
    weights.remove(4);
    String told =
        assertThrows(
                IllegalArgumentException.class,
                () ->
                    run(
                        data,
                        SmallRun.plan(1),
                        RunOptions.NONE.withInitialWeights(NetworkWeights.inMemory(weights))))
            .getMessage();
    assertTrue(told.startsWith("Layer 2, Dense"), told);
    assertTrue(told.contains("has 54 weights, but 3 initial ones"), told);
  }
}
