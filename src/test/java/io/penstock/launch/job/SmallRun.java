package io.penstock.launch.job;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.penstock.feed.FeatureColumns;
import io.penstock.feed.LabelKind;
import io.penstock.nn.network.Sequential;
import io.penstock.nn.update.Updater;
import io.penstock.schedule.Schedule;
import io.penstock.schedule.Verifier;
import io.penstock.schedule.generate.Schedules;
import io.penstock.train.TrainingPlan;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** A network of three dense layers, told apart by their sizes, and rows for it. */
public final class SmallRun {
  public static final List<String> FEATURES = List.of("a", "b", "c", "d");
  public static final int ROWS = 90;
  public static final int STEPS = 3;

  /** Parameters of the dense layer on each of three stages. */
  static final List<Long> PARAMETERS = List.of(4L * 8 + 8, 8L * 6 + 6, 6L * 3 + 3);

  private SmallRun() {}

  public static Dataset<Row> rows(SparkSession spark) {
    return spark
        .range(0, ROWS, 1, 3)
        .selectExpr("id / 90d a", "id % 3 / 3d b", "id % 7 / 7d c", "1d d", "id % 3 label");
  }

  public static TrainingPlan plan(int stages, int epochs, Updater updater) {
    List<Integer> starts = List.of(0, 2, 4).subList(0, stages);
    return plan(starts, Schedules.generate("1f1b", stages, 4), epochs, updater);
  }

  public static TrainingPlan plan(
      List<Integer> starts, Schedule schedule, int epochs, Updater updater) {
    return new TrainingPlan(
        Sequential.perceptron(4, 8, 6, 3).toJson(),
        updater.toJson(),
        starts,
        TrainingPlan.lowerAndVerify(schedule),
        ROWS / STEPS,
        epochs,
        7);
  }

  public static TrainingPlan plan(int stages) {
    return plan(stages, 2, Updater.adam(0.01));
  }

  /** Any schedule on two ranks, so that also two stages on each have layers enough. */
  public static TrainingPlan onTwoRanks(String schedule) {
    Schedule two = Schedules.generate(schedule, 2, 4);
    List<Integer> starts = two.stages() == 2 ? List.of(0, 2) : List.of(0, 1, 2, 4);
    return plan(starts, two, 2, Updater.adam(0.01));
  }

  /** What was learnt is what one stage learns, and no more was held than the plan says. */
  static void assertSame(TrainingResult oneStage, TrainingPlan plan, TrainingResult result) {
    assertEquals(Verifier.verify(plan.schedule()).activations(), result.peakActivations());
    if (plan.schedule().isForwardOnly()) {
      assertEquals(2 * STEPS, result.stepLosses().length);
      assertEquals(oneStage.stepLosses()[0], result.stepLosses()[0]);
    } else {
      assertArrayEquals(oneStage.stepLosses(), result.stepLosses());
      oneStage
          .weights()
          .toMap()
          .forEach((layer, w) -> assertArrayEquals(w, result.weights().of(layer)));
    }
  }

  public static TrainingResult run(Dataset<Row> data, TrainingPlan plan) {
    return run(data, plan, RunOptions.NONE);
  }

  /** Trains on these rows. */
  public static TrainingResult run(Dataset<Row> data, TrainingPlan plan, RunOptions options) {
    return TrainingJob.run(
        data, FeatureColumns.of(data, FEATURES, "label"), LabelKind.classId(3), plan, options);
  }
}
