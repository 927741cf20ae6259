package io.penstock.launch.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.penstock.event.FailureKind;
import io.penstock.feed.FeatureColumns;
import io.penstock.feed.LabelKind;
import io.penstock.feed.ValidationColumn;
import io.penstock.nn.update.Updater;
import io.penstock.schedule.Offloading;
import io.penstock.schedule.Recomputation;
import io.penstock.train.TrainingPlan;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.spark.SparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Runs that succeed, fail, are cancelled and are interrupted, in turn, on one stage to as many as
 * there are slots; every other one with validation, all with checkpoints and with what is kept for
 * second forwards on disk, of which nothing is to stay.
 *
 * @param most stages
 * @param directory for gates and flags, which all executors see
 * @param checkpoints directory of the checkpoints
 */
record MixedRuns(SparkSession spark, int most, Path directory, Path checkpoints) {
  /** Does so many. */
  void run(int count) throws Exception {
    Dataset<Row> rows = ValidatedTrainingTest.held(SmallRun.rows(spark));
    for (int i = 0; i < count; i++) {
      int stages = 1 + i % most;
      boolean validates = i % 2 == 0;
      switch (i / 2 % 4) {
        case 0 -> succeed(rows, stages, validates);
        case 1 -> fail(rows, stages, validates);
        case 2 -> end(Ending.JOB_GROUP, rows, stages, validates);
        default -> end(Ending.INTERRUPT, rows, stages, validates);
      }
    }
  }

  private void succeed(Dataset<Row> rows, int stages, boolean validates) throws Exception {
    TrainingPlan plan = SmallRun.plan(stages);
    assertNull(new BackgroundRun(context(), () -> train(rows, plan, validates)).failure());
  }

  private void fail(Dataset<Row> rows, int stages, boolean validates) throws Exception {
    Path flag = Files.createTempFile(directory, "flag", "");
    Sabotage sabotage =
        new Sabotage(Sabotage.Deed.THROW, SmallRun.PARAMETERS.get(stages - 1), flag);
    TrainingPlan plan = SmallRun.plan(stages, 9, Updater.of(sabotage));
    Throwable thrown = new BackgroundRun(context(), () -> train(rows, plan, validates)).failure();
    assertEquals(
        FailureKind.EXCEPTION, assertInstanceOf(TrainingFailedException.class, thrown).kind());
  }

  private void end(Ending ending, Dataset<Row> rows, int stages, boolean validates)
      throws Exception {
    Gate gate = Gate.in(directory);
    long layer = SmallRun.PARAMETERS.get(stages / 2);
    TrainingPlan plan = SmallRun.plan(stages, 9, Updater.of(new GatedUpdater(gate, layer, 1)));
    BackgroundRun run = new BackgroundRun(context(), () -> train(rows, plan, validates));
    run.awaitReached(gate);
    ending.end(spark, run.thread());
    Throwable thrown = run.failure();
    assertEquals(
        FailureKind.CANCELLED, assertInstanceOf(TrainingFailedException.class, thrown).kind());
  }

  private SparkContext context() {
    return spark.sparkContext();
  }

  private TrainingResult train(Dataset<Row> rows, TrainingPlan plan, boolean validates) {
    RunOptions options =
        RunOptions.NONE.withCheckpoints(
            new Checkpoints(checkpoints.toUri().toString(), 1, false, model -> {}));
    if (validates) {
      options = options.withValidation(ValidationColumn.of(rows.schema(), "held"));
    }
    FeatureColumns columns = FeatureColumns.of(rows, SmallRun.FEATURES, "label");
    TrainingPlan onDisk =
        plan.recut(plan.stageStarts(), Offloading.in(Recomputation.ALWAYS.in(plan.schedule())));
    return TrainingJob.run(rows, columns, LabelKind.classId(3), onDisk, options);
  }
}
