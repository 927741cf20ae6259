package io.penstock.launch.job;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.penstock.feed.FeatureColumns;
import io.penstock.feed.LabelKind;
import io.penstock.feed.ValidationColumn;
import io.penstock.nn.loss.Losses;
import io.penstock.nn.network.Sequential;
import io.penstock.nn.update.UpdateOptions;
import io.penstock.nn.update.Updater;
import io.penstock.schedule.generate.Schedules;
import io.penstock.testing.LocalSpark;
import io.penstock.train.EarlyStopping;
import io.penstock.train.TrainingPlan;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** No frame that a plan can have is larger than what its ranks tell their links. */
@Timeout(120)
@LocalSpark(settings = "spark.penstock.link.networkOnly=true")
class NetworkFramesTest {
  private static SparkSession spark;

  @BeforeAll
  static void start(SparkSession session) {
    spark = session;
  }

  /** Tied weights of 200 by 4 and a skip of 9 numbers go over the cut, beside activations of 2. */
  private static Sequential network() {
    return Sequential.input(4)
        .dense(200)
        .dense(9)
        .save("nine")
        .dense(2)
        .dense(9)
        .addSaved("nine")
        .dense(200)
        .tiedDense(0, 4)
        .dense(3)
        .loss(Losses.softmaxCrossEntropy())
        .build();
  }

  private static TrainingResult run(Dataset<Row> data, int stages) {
    Updater updater = Updater.adam(0.01).with(UpdateOptions.NONE.withClipNorm(0.1));
    TrainingPlan plan =
        new TrainingPlan(
                network().toJson(),
                updater.toJson(),
                List.of(0, 4).subList(0, stages),
                TrainingPlan.lowerAndVerify(Schedules.generate("1f1b", stages, 4)),
                30,
                3,
                7)
            .stopping(new EarlyStopping(3, 0));
    return TrainingJob.run(
        data,
        FeatureColumns.of(data, SmallRun.FEATURES, "label"),
        LabelKind.classId(3),
        plan,
        RunOptions.NONE.withValidation(ValidationColumn.of(data.schema(), "held")));
  }

  @Test
  void skipsSharedWeightsNormsAndVerdictsFit() {
    Dataset<Row> data = ValidatedTrainingTest.held(SmallRun.rows(spark));
    TrainingResult two = run(data, 2);
    TrainingResult one = run(data, 1);
    assertArrayEquals(one.stepLosses(), two.stepLosses());
    assertEquals(one.weights().layers(), two.weights().layers());
    one.weights().toMap().forEach((layer, w) -> assertArrayEquals(w, two.weights().of(layer)));
  }
}
