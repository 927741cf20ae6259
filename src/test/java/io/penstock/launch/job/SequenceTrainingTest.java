package io.penstock.launch.job;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.feed.BadRowException;
import io.penstock.feed.FeatureColumns;
import io.penstock.feed.LabelKind;
import io.penstock.nn.layer.Activation;
import io.penstock.nn.loss.Losses;
import io.penstock.nn.network.Sequential;
import io.penstock.nn.update.Updater;
import io.penstock.schedule.generate.Schedules;
import io.penstock.testing.LocalSpark;
import io.penstock.train.TrainingPlan;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Columns of sequences and of several numbers, from a DataFrame to trained weights. Ids go into
 * dense layers as plain numbers, so every micro-batch has a row of the full length: the layers take
 * no other.
 */
@Timeout(120)
@LocalSpark
class SequenceTrainingTest {
  private static final int LENGTH = 5;
  private static final LabelKind IDS = LabelKind.ids(20);

  private static SparkSession spark;
  private static Dataset<Row> data;

  /** Every other row is of the full length, the others are of one to four ids. */
  @BeforeAll
  static void start(SparkSession session) {
    spark = session;
    data =
        spark
            .range(0, 96, 1, 3)
            .selectExpr(
                "slice(transform(sequence(0, 4), i -> cast(pmod(hash(id, i), 20) as int)),"
                    + " 1, if(id % 2 = 0, 5, cast(1 + id % 4 as int))) ids",
                "id")
            .selectExpr(
                "ids",
                "transform(ids, i -> if(i % 3 = 0, -100, 19 - i)) next",
                "size(ids) - 1 class",
                "array(size(ids) / 5d, id % 7 / 7d) numbers",
                "id % 11 / 11d x")
            .cache();
  }

  @Test
  void idsWithAnIdEachAreLearntAlikeOnAnyNumberOfStages() {
    Sequential network =
        Sequential.input(LENGTH)
            .dense(16, Activation.RELU)
            .dense(LENGTH)
            .loss(Losses.squaredError())
            .build();
    FeatureColumns columns = FeatureColumns.sequences(data.schema(), "ids", "next", IDS, LENGTH);
    assertLearnt(columns, IDS, network);
  }

  @Test
  void idsWithOneClassAreLearntAlikeOnAnyNumberOfStages() {
    LabelKind kind = LabelKind.classId(LENGTH);
    FeatureColumns columns = FeatureColumns.sequences(data.schema(), "ids", "class", kind, LENGTH);
    assertLearnt(columns, kind, Sequential.perceptron(LENGTH, 16, LENGTH));
  }

  @Test
  void severalNumbersAreLearntAlikeOnAnyNumberOfStages() {
    LabelKind kind = LabelKind.reals(2);
    Sequential network =
        Sequential.input(1).dense(8, Activation.TANH).dense(2).loss(Losses.squaredError()).build();
    FeatureColumns columns = FeatureColumns.of(data.schema(), List.of("x"), "numbers", kind, 1);
    assertLearnt(columns, kind, network);
  }

  @Test
  void aRowThatIsTooLongIsToldAtTheDriver() {
    FeatureColumns columns = FeatureColumns.sequences(data.schema(), "ids", "next", IDS, 4);
    BadRowException told =
        assertThrows(
            BadRowException.class,
            () -> TrainingJob.run(data, columns, IDS, plan(Sequential.perceptron(4, 8, 4), 2)));
    assertEquals("ids", told.column());
    assertTrue(told.getMessage().contains("holds 5 ids where 4 are the most"), told.getMessage());
    assertTrue(told.getMessage().contains("Sequential.input(5)"), told.getMessage());
  }

  private static void assertLearnt(FeatureColumns columns, LabelKind kind, Sequential network) {
    TrainingResult one = TrainingJob.run(data, columns, kind, plan(network, 1));
    TrainingResult two = TrainingJob.run(data.repartition(5), columns, kind, plan(network, 2));
    double[] losses = one.stepLosses();
    assertArrayEquals(losses, two.stepLosses());
    one.weights().toMap().forEach((layer, w) -> assertArrayEquals(w, two.weights().of(layer)));
    double first = one.epochs().get(0).loss();
    double last = one.epochs().get(one.epochs().size() - 1).loss();
    assertTrue(last < 0.9 * first, "from " + first + " to " + last);
  }

  private static TrainingPlan plan(Sequential network, int stages) {
    return new TrainingPlan(
        network.toJson(),
        Updater.adam(0.01).toJson(),
        List.of(0, 2).subList(0, stages),
        TrainingPlan.lowerAndVerify(Schedules.generate("1f1b", stages, 3)),
        32,
        10,
        7);
  }
}
