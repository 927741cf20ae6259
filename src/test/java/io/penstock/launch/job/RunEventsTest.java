package io.penstock.launch.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.event.EpochCompleted;
import io.penstock.event.FailureKind;
import io.penstock.event.LayerPlan;
import io.penstock.event.RankPlace;
import io.penstock.event.RanksReady;
import io.penstock.event.RunEnded;
import io.penstock.event.RunEnded.Outcome;
import io.penstock.event.RunEvent;
import io.penstock.event.RunIncident;
import io.penstock.event.RunIncident.Kind;
import io.penstock.event.RunStarted;
import io.penstock.event.StagePlan;
import io.penstock.event.StepCompleted;
import io.penstock.event.StepMeasured;
import io.penstock.feed.FeatureColumns;
import io.penstock.feed.LabelKind;
import io.penstock.feed.ValidationColumn;
import io.penstock.launch.cluster.PreflightException;
import io.penstock.nn.update.Updater;
import io.penstock.schedule.generate.Schedules;
import io.penstock.testing.LocalSpark;
import io.penstock.train.ActionTime;
import io.penstock.train.EarlyStopping;
import io.penstock.train.TrainingPlan;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerEvent;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.Utils;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
@LocalSpark(slots = 3)
class RunEventsTest {
  private static final List<RunEvent> HEARD = new CopyOnWriteArrayList<>();
  private static SparkSession spark;
  private static Dataset<Row> data;

  @TempDir Path directory;

  @BeforeAll
  static void start(SparkSession session) {
    spark = session;
    data = ValidatedTrainingTest.held(SmallRun.rows(spark));
    spark
        .sparkContext()
        .addSparkListener(
            new SparkListener() {
              @Override
              public void onOtherEvent(SparkListenerEvent event) {
                if (event instanceof RunEvent of) {
                  HEARD.add(of);
                }
              }
            });
  }

  @BeforeEach
  void forget() {
    HEARD.clear();
  }

  private static TrainingResult run(Dataset<Row> rows, TrainingPlan plan, RunOptions options) {
    FeatureColumns columns = FeatureColumns.of(rows, SmallRun.FEATURES, "label");
    return TrainingJob.run(rows, columns, LabelKind.classId(3), plan, options);
  }

  /** All that was told but how far epochs were, which depends on the time. */
  private static List<RunEvent> heard() throws Exception {
    spark.sparkContext().listenerBus().waitUntilEmpty();
    return HEARD.stream().filter(event -> !(event instanceof StepCompleted)).toList();
  }

  private static <T extends RunEvent> List<T> heard(Class<T> kind) throws Exception {
    return heard().stream().filter(kind::isInstance).map(kind::cast).toList();
  }

  private static ValidationColumn held() {
    return ValidationColumn.of(data.schema(), "held");
  }

  @Test
  void aRunIsToldFromItsPlanToItsEnd() throws Exception {
    TrainingPlan plan = SmallRun.plan(3, 2, Updater.adam(0.01));
    TrainingResult result =
        run(data, plan, RunOptions.NONE.withValidation(held()).withName("classifier_1"));
    List<RunEvent> told = heard();
    assertEquals(
        List.of(
            RunStarted.class,
            RanksReady.class,
            EpochCompleted.class,
            StepMeasured.class,
            EpochCompleted.class,
            StepMeasured.class,
            StepMeasured.class,
            RunEnded.class),
        told.stream().map(Object::getClass).toList());
    assertEquals(1, told.stream().map(RunEvent::runId).distinct().count());

    RunStarted started = (RunStarted) told.get(0);
    assertEquals("classifier_1", started.name());
    assertEquals(
        SmallRun.PARAMETERS, started.stages().stream().map(StagePlan::parameters).toList());
    assertEquals(
        List.of(List.of("Dense", "relu"), List.of("Dense", "relu"), List.of("Dense")),
        started.stages().stream()
            .map(stage -> stage.layers().stream().map(LayerPlan::kind).toList())
            .toList());
    assertNull(started.forecast().stepSeconds());
    // 1F1B of equal stages waits for (p - 1) / (m + p - 1) of the time; these are not quite equal.
    assertEquals(2.0 / 6, started.forecast().bubble(), 0.2);

    RanksReady ready = (RanksReady) told.get(1);
    assertEquals(72, ready.rows());
    assertEquals(18, ready.validationRows());
    assertEquals(
        List.of("driver", "driver", "driver"),
        ready.places().stream().map(RankPlace::executor).toList());

    assertEquals(result.epochs(), heard(EpochCompleted.class));
    StepMeasured last = (StepMeasured) told.get(6);
    assertTrue(last.logEvent());
    assertEquals(result.lastStep(), last.actions());
    assertEquals(result.lastStep(), ((StepMeasured) told.get(5)).actions());
    assertEquals(
        List.of(9, 9, 9),
        last.actions().stream().map(List::size).toList(),
        "4 F, 4 B and an update each");
    for (List<ActionTime> rank : last.actions()) {
      assertTrue(rank.get(0).endNanos() <= rank.get(1).readyNanos(), rank.toString());
    }

    RunEnded ended = (RunEnded) told.get(7);
    assertEquals(Outcome.SUCCEEDED, ended.outcome());
    assertEquals(2, ended.epochs());
    assertEquals(result.bubble(), ended.bubble());
    assertEquals(result.bestEpoch().getAsInt(), ended.bestEpoch());
  }

  @Test
  void aRanksTimeIsTakenApart() throws Exception {
    run(data, SmallRun.plan(3), RunOptions.NONE);
    for (EpochCompleted epoch : heard(EpochCompleted.class)) {
      epoch
          .ranks()
          .forEach(
              rank -> {
                double known = rank.busySeconds() + rank.waitSeconds() + rank.moveSeconds();
                assertTrue(known <= rank.seconds(), rank.toString());
                assertTrue(rank.busySeconds() > 0, rank.toString());
                assertTrue(rank.nativeBytes() > 0, rank.toString());
                assertTrue(rank.heapBytes() > 0, rank.toString());
              });
      // 90 rows of 8 numbers from rank 0 to rank 1, and as many gradients back.
      assertEquals(90 * 8 * 4, epoch.ranks().get(0).bytesSent());
      assertEquals(90 * (8 + 6) * 4, epoch.ranks().get(1).bytesSent());
      assertEquals(90 * 6 * 4, epoch.ranks().get(2).bytesSent());
    }
  }

  @Test
  void aStepOfTheFirstEpochIsTold() throws Exception {
    run(data, SmallRun.plan(2), RunOptions.NONE);
    spark.sparkContext().listenerBus().waitUntilEmpty();
    StepCompleted first =
        (StepCompleted) HEARD.stream().filter(StepCompleted.class::isInstance).findFirst().get();
    assertEquals(List.of(0, 1, 3), List.of(first.epoch(), first.step(), first.steps()));
    assertEquals(30, first.rows());
    assertTrue(first.loss() > 0, first.toString());
  }

  @Test
  void checkpointsAreIncidents() throws Exception {
    Checkpoints every = new Checkpoints(directory.toUri().toString(), 1, true, place -> {});
    run(data, SmallRun.plan(2), RunOptions.NONE.withCheckpoints(every));
    List<RunIncident> told = heard(RunIncident.class);
    assertEquals(
        List.of(Kind.CHECKPOINT, Kind.CHECKPOINT), told.stream().map(RunIncident::kind).toList());
    assertEquals(List.of(0, 1), told.stream().map(RunIncident::epoch).toList());
    assertTrue(told.get(0).seconds() > 0, told.toString());
    assertTrue(told.get(1).text().contains("/step-000006-"), told.toString());
  }

  @Test
  void aRunThatStopsEarlySaysSo() throws Exception {
    TrainingPlan plan = SmallRun.plan(3, 5000, Updater.adam(0.2)).stopping(new EarlyStopping(3, 0));
    TrainingResult result = run(data, plan, RunOptions.NONE.withValidation(held()));
    RunIncident stopped = heard(RunIncident.class).get(0);
    assertEquals(Kind.STOPPED_EARLY, stopped.kind());
    assertEquals(result.epochs().size() - 1, stopped.epoch());
    assertEquals(result.epochs().size(), heard(RunEnded.class).get(0).epochs());
  }

  @Test
  void aRunThatFailsSaysWhyAndWhere() throws Exception {
    Sabotage sabotage =
        new Sabotage(Sabotage.Deed.THROW, SmallRun.PARAMETERS.get(1), Sabotage.flagIn(directory));
    TrainingPlan plan = SmallRun.plan(3, 1000, Updater.of(sabotage));
    assertThrows(TrainingFailedException.class, () -> run(data, plan, RunOptions.NONE));
    RunEnded ended = heard(RunEnded.class).get(0);
    assertEquals(Outcome.FAILED, ended.outcome());
    assertTrue(ended.cause().startsWith("Rank 1 on "), ended.cause());
    assertNull(ended.bubble());
    RunIncident failed = heard(RunIncident.class).get(0);
    assertEquals(Kind.FAILURE, failed.kind());
    assertEquals(FailureKind.EXCEPTION, failed.failure());
    assertEquals(1, failed.rank());
    assertEquals(List.of(FailureKind.EXCEPTION, 1), List.of(ended.failure(), ended.rank()));
    assertEquals(Utils.localHostName(), ended.host());
    assertEquals(ended.host(), failed.host());
    assertEquals(1, heard(RunIncident.class).size());
    assertTrue(failed.text().endsWith("planned"), failed.text());
  }

  @Test
  void rowsThatCannotBeTrainedOnAreTheCause() throws Exception {
    Dataset<Row> bad = data.withColumn("label", data.col("label").plus(1));
    assertThrows(RuntimeException.class, () -> run(bad, SmallRun.plan(2), RunOptions.NONE));
    RunEnded ended = heard(RunEnded.class).get(0);
    assertEquals(Outcome.FAILED, ended.outcome());
    assertTrue(ended.cause().contains("column 'label' is 3.0"), ended.cause());
    assertEquals(FailureKind.REFUSED_INPUT, ended.failure());
    assertEquals(0, ended.epochs());
  }

  @Test
  void aCancelledRunSaysSo() throws Exception {
    SparkListener canceller =
        new SparkListener() {
          @Override
          public void onOtherEvent(SparkListenerEvent event) {
            if (event instanceof EpochCompleted) {
              spark.sparkContext().cancelAllJobs();
            }
          }
        };
    spark.sparkContext().addSparkListener(canceller);
    try {
      TrainingPlan plan = SmallRun.plan(2, 1_000_000, Updater.adam(0.01));
      assertThrows(RuntimeException.class, () -> run(data, plan, RunOptions.NONE));
      assertEquals(Outcome.CANCELLED, heard(RunEnded.class).get(0).outcome());
      assertEquals(FailureKind.CANCELLED, heard(RunEnded.class).get(0).failure());
      assertEquals(List.of(), heard(RunIncident.class));
    } finally {
      spark.sparkContext().removeSparkListener(canceller);
    }
  }

  @Test
  void aRunThatTheClusterCannotCarrySaysSo() throws Exception {
    TrainingPlan four =
        SmallRun.plan(List.of(0, 1, 2, 4), Schedules.generate("1f1b", 4, 4), 1, Updater.adam(0.01));
    assertThrows(PreflightException.class, () -> run(data, four, RunOptions.NONE));
    RunEnded ended = heard(RunEnded.class).get(0);
    assertEquals(Outcome.FAILED, ended.outcome());
    assertTrue(ended.cause().contains("no job was started"), ended.cause());
    assertEquals(FailureKind.REFUSED_INPUT, ended.failure());
    assertNull(ended.rank());
  }
}
