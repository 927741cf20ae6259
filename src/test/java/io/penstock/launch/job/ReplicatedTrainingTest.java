package io.penstock.launch.job;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.feed.FeatureColumns;
import io.penstock.feed.LabelKind;
import io.penstock.nn.update.UpdateOptions;
import io.penstock.nn.update.Updater;
import io.penstock.schedule.generate.Schedules;
import io.penstock.testing.LocalSpark;
import io.penstock.train.Replication;
import io.penstock.train.TrainingPlan;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Jobs of replicas x stages, against one executor that sums gradients in as many groups. */
@Timeout(300)
@LocalSpark(slots = 6)
class ReplicatedTrainingTest {
  private static final int MICRO_BATCHES = 6;
  private static final int EPOCHS = 2;
  private static final Updater OPTIMIZER =
      Updater.adam(0.01).with(UpdateOptions.NONE.withClipNorm(0.5));

  private static Dataset<Row> data;

  @TempDir Path directory;

  @BeforeAll
  static void start(SparkSession session) {
    data = SmallRun.rows(session);
  }

  private static TrainingPlan plan(int stages, int epochs, Replication replication) {
    List<Integer> starts = List.of(0, 2, 4).subList(0, stages);
    int share = MICRO_BATCHES / replication.replicas();
    return SmallRun.plan(starts, Schedules.generate("1f1b", stages, share), epochs, OPTIMIZER)
        .withReplication(replication);
  }

  private static TrainingResult run(TrainingPlan plan, RunOptions options) {
    return TrainingJob.run(
        data,
        FeatureColumns.of(data, SmallRun.FEATURES, "label"),
        LabelKind.classId(3),
        plan,
        options);
  }

  private RunOptions checkpoints() {
    return RunOptions.NONE.withCheckpoints(
        new Checkpoints(
            directory.toUri().toString(), true, CheckpointRhythm.ofSteps(2), 2, true, model -> {}));
  }

  private static void assertSame(TrainingResult wanted, TrainingResult found) {
    assertArrayEquals(wanted.stepLosses(), found.stepLosses());
    assertEquals(wanted.weights().layers(), found.weights().layers());
    wanted.weights().toMap().forEach((k, w) -> assertArrayEquals(w, found.weights().of(k)));
    int last = wanted.epochs().size() - 1;
    assertEquals(
        wanted.epochs().get(last).loss(), found.epochs().get(found.epochs().size() - 1).loss());
  }

  @ParameterizedTest
  @CsvSource({"2, 1, false", "2, 3, false", "3, 2, false", "3, 2, true", "6, 1, true"})
  void replicasLearnWhatOneExecutorDoesInGroups(int replicas, int stages, boolean sharded) {
    TrainingResult one = run(plan(1, EPOCHS, Replication.groups(replicas)), RunOptions.NONE);
    Replication of = Replication.of(replicas).withShardedOptimizer(sharded);
    TrainingResult many = run(plan(stages, EPOCHS, of), RunOptions.NONE);
    assertSame(one, many);
    assertEquals(replicas * stages, many.processes().size());
    assertEquals(EPOCHS, many.epochsDone());
    assertEquals(SmallRun.ROWS, many.epochs().get(0).rows());
  }

  /** Checkpoints of replicas, sharded or not, are those of any plan in the same groups. */
  @ParameterizedTest
  @CsvSource({"3, 2, 1, 1", "2, 3, 2, 2", "1, 2, 3, 2"})
  void aRunGoesOnWithOtherReplicas(int replicas, int stages, int others, int otherStages) {
    int groups = Math.max(replicas, others);
    TrainingResult undisturbed = run(plan(1, EPOCHS, Replication.groups(groups)), RunOptions.NONE);
    RunOptions options = checkpoints();
    Replication first = new Replication(replicas, groups, true);
    run(plan(stages, 1, first), options);
    TrainingResult wentOn =
        run(plan(otherStages, EPOCHS, new Replication(others, groups, false)), options);
    assertSame(undisturbed, wentOn);
    assertEquals(EPOCHS * SmallRun.STEPS - 2, wentOn.stepNanos().length); // those after the second
  }

  @Test
  void aRunOfOtherGroupsIsAnotherRun() {
    RunOptions options = checkpoints();
    run(plan(1, 1, Replication.of(2)), options);
    Exception refused =
        assertThrows(
            IllegalArgumentException.class, () -> run(plan(1, 1, Replication.of(3)), options));
    assertTrue(
        refused.getMessage().contains("gradientGroups (of as many replicas)"),
        refused.getMessage());
  }
}
