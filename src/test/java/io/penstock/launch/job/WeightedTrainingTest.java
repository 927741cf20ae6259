package io.penstock.launch.job;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.feed.BadRowException;
import io.penstock.feed.EmptyDataException;
import io.penstock.feed.FeatureColumns;
import io.penstock.feed.LabelKind;
import io.penstock.feed.ValidationColumn;
import io.penstock.nn.loss.Losses;
import io.penstock.nn.network.Sequential;
import io.penstock.nn.update.Updater;
import io.penstock.schedule.generate.Schedules;
import io.penstock.testing.LocalSpark;
import io.penstock.train.TrainingPlan;
import io.penstock.train.Validation;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Rows with weights, from a DataFrame to trained weights. */
@Timeout(120)
@LocalSpark
class WeightedTrainingTest {
  private static SparkSession spark;
  private static Dataset<Row> data;

  @BeforeAll
  static void start(SparkSession session) {
    spark = session;
    data = SmallRun.rows(spark).selectExpr("*", "round(90 * a) % 4 / 2 w").cache();
  }

  @Test
  void weightedRowsAreLearntAlikeOnAnyNumberOfStages() {
    TrainingResult one = train(data, "w", 1);
    TrainingResult two = train(data.repartition(5), "w", 2);
    SmallRun.assertSame(one, SmallRun.plan(2), two);
    assertFalse(Arrays.equals(one.stepLosses(), train(data, null, 1).stepLosses()));
  }

  @Test
  void weightsOfOneChangeNoBit() {
    Dataset<Row> ones = data.selectExpr("*", "1 one");
    SmallRun.assertSame(train(data, null, 1), SmallRun.plan(2), train(ones, "one", 2));
  }

  @Test
  void aRowOfWeightTwoIsTwoRowsAndOneOfWeightNoughtIsNone() {
    Dataset<Row> repeated =
        data.selectExpr("*", "explode(array_repeat(0, cast(2 * w as int))) again");
    TrainingPlan plan =
        new TrainingPlan(
            Sequential.perceptron(4, 8, 6, 3).toJson(),
            Updater.sgd(0.5).toJson(),
            List.of(0, 2),
            TrainingPlan.lowerAndVerify(Schedules.generate("1f1b", 2, 4)),
            2 * SmallRun.ROWS,
            5,
            7);
    TrainingResult weighted = run(data, "w", plan);
    TrainingResult twice = run(repeated, null, plan);
    assertArrayEquals(twice.stepLosses(), weighted.stepLosses(), 1e-5);
    twice
        .weights()
        .toMap()
        .forEach((layer, own) -> assertArrayEquals(own, weighted.weights().of(layer), 1e-5f));
    for (int epoch = 0; epoch < 5; epoch++) {
      assertEquals(weighted.stepLosses()[epoch], weighted.epochs().get(epoch).loss(), 1e-12);
    }
  }

  @Test
  void sequencesHaveWeightsToo() {
    Dataset<Row> ids = data.selectExpr("array(cast(label as int), 1, 2) ids", "label", "w");
    LabelKind kind = LabelKind.classId(3);
    FeatureColumns columns =
        FeatureColumns.sequences(ids.schema(), "ids", "label", kind, 3)
            .withWeight(ids.schema(), "w");
    TrainingPlan plan =
        new TrainingPlan(
            Sequential.input(3)
                .dense(4)
                .dense(3)
                .loss(Losses.softmaxCrossEntropy())
                .build()
                .toJson(),
            Updater.adam(0.1).toJson(),
            List.of(0, 1),
            TrainingPlan.lowerAndVerify(Schedules.generate("1f1b", 2, 4)),
            30,
            4,
            7);
    double[] losses = TrainingJob.run(ids, columns, kind, plan).stepLosses();
    assertTrue(losses[losses.length - 1] < 0.9 * losses[0], Arrays.toString(losses));
  }

  @Test
  void weightsThatMakeNoSenseAreToldAtTheDriver() {
    for (String bad :
        List.of("if(a < 0.5, 1, null)", "if(a < 0.5, 1, -1)", "if(a < 0.5, 1, double('NaN'))")) {
      Dataset<Row> rows = data.selectExpr("a", "b", "c", "d", "label", "double(" + bad + ") bad");
      BadRowException told =
          assertThrows(BadRowException.class, () -> train(rows.coalesce(1), "bad", 2), bad);
      assertEquals("bad", told.column());
      assertTrue(
          told.getMessage().matches("Row \\d+ of partition 0: column 'bad' is .*"),
          told.getMessage());
    }
  }

  @Test
  void rowsThatAllHaveNoWeightAreRefused() {
    String told =
        assertThrows(
                EmptyDataException.class,
                () -> train(data.selectExpr("*", "0 nought"), "nought", 2))
            .getMessage();
    assertTrue(told.startsWith("column 'nought' is 0 in every row to train on"), told);
  }

  @Test
  void validationRowsCountByTheirWeightsToo() {
    Dataset<Row> held = ValidatedTrainingTest.held(data);
    Validation one = validated(held, 1);
    assertEquals(one, validated(held, 2));
    Validation some = validated(held.where("not (held and w = 0)"), 2);
    assertTrue(some.rows() < one.rows());
    assertEquals(some.loss(), one.loss(), 1e-6);
    assertEquals(some.value(), one.value(), 1e-6);
    Dataset<Row> none = held.selectExpr("a", "b", "c", "d", "label", "held", "if(held, 0, w) w");
    String told = assertThrows(EmptyDataException.class, () -> validated(none, 2)).getMessage();
    assertTrue(told.startsWith("column 'w' is 0 in every row for validation"), told);
  }

  private static Validation validated(Dataset<Row> held, int stages) {
    FeatureColumns columns =
        FeatureColumns.of(held, SmallRun.FEATURES, "label").withWeight(held.schema(), "w");
    RunOptions options = RunOptions.NONE.withValidation(ValidationColumn.of(held.schema(), "held"));
    LabelKind kind = LabelKind.classId(3);
    return TrainingJob.run(held, columns, kind, SmallRun.plan(stages), options)
        .epochs()
        .get(1)
        .validation();
  }

  private static TrainingResult train(Dataset<Row> rows, String weight, int stages) {
    return run(rows, weight, SmallRun.plan(stages));
  }

  private static TrainingResult run(Dataset<Row> rows, String weight, TrainingPlan plan) {
    FeatureColumns columns = FeatureColumns.of(rows, SmallRun.FEATURES, "label");
    return TrainingJob.run(
        rows,
        weight == null ? columns : columns.withWeight(rows.schema(), weight),
        LabelKind.classId(3),
        plan);
  }
}
