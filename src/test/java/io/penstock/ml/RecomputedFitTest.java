package io.penstock.ml;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.balance.Cut;
import io.penstock.balance.CutConstraints;
import io.penstock.balance.CutSchedule;
import io.penstock.balance.HeldBytes;
import io.penstock.balance.LayerCosts;
import io.penstock.balance.RecomputePolicy;
import io.penstock.event.StagePlan;
import io.penstock.nn.layer.Activation;
import io.penstock.nn.loss.Losses;
import io.penstock.nn.network.NetworkBuilder;
import io.penstock.nn.network.Sequential;
import io.penstock.schedule.Offloading;
import io.penstock.schedule.Schedule;
import io.penstock.testing.LocalSpark;
import io.penstock.train.TrainingPlan;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Fits whose layers are done again learn the same as those that keep all. */
@Timeout(240)
@LocalSpark(slots = 4)
class RecomputedFitTest {
  private static SparkSession spark;
  private static Dataset<Row> rows;

  @TempDir Path directory;

  @BeforeAll
  static void start(SparkSession session) {
    spark = session;
    rows = Blobs.rows(spark).cache();
  }

  private static Sequential network() {
    NetworkBuilder network = Sequential.input(4);
    for (int i = 0; i < 4; i++) {
      network = network.dense(16, Activation.RELU).dropout(0.1);
    }
    return network.dense(3).loss(Losses.softmaxCrossEntropy()).build();
  }

  private static PipelineParallelClassifier classifier() {
    return Blobs.classifier().setNetwork(network()).setNumMicroBatches(4).setUpdater("adam");
  }

  private static List<Row> answers(PipelineParallelClassifier classifier) {
    return classifier.fit(rows).transform(rows).select("id", "rawPrediction").collectAsList();
  }

  @Test
  void whateverIsDoneAgainChangesNoBit() {
    List<Row> never = answers(classifier());
    for (String which : RecomputePolicy.ids()) {
      assertEquals(never, answers(classifier().setRecompute(which)), which);
    }
    assertEquals(
        never, answers(classifier().setRecompute("sqrt").setSchedule("zb-v").setNumReplicas(1)));
    assertEquals(
        never,
        answers(classifier().setRecompute("sqrt").setSchedule("auto").setNumMicroBatches(4)));
  }

  @Test
  void whatIsKeptForThatMayBeOnDisk() {
    List<Row> never = answers(classifier());
    for (String which : List.of("always", "exceptLast", "sqrt", "auto")) {
      PipelineParallelClassifier disk = classifier().setRecompute(which).setOffload(true);
      assertEquals(never, answers(disk.setSchedule("gpipe")), which);
      assertEquals(
          !which.equals("auto"), // for all fits
          Offloading.offloads(disk.resolvePlan(network(), CutConstraints.UNLIMITED).schedule()));
      assertEquals(never, answers(disk.setSchedule("auto").setNumMicroBatches(4)), which);
    }
    assertTrue(
        Offloading.offloads(
            classifier().setRecompute("sqrt").setOffload(true).explain(rows).schedule()));
  }

  @Test
  void whereNothingIsDoneAgainNothingCanBeOnDisk() {
    for (String schedule : List.of("1f1b", "auto")) {
      PipelineParallelClassifier never =
          classifier().setOffload(true).setRecompute("never").setSchedule(schedule);
      String message =
          assertThrows(IllegalArgumentException.class, () -> never.fit(rows)).getMessage();
      assertTrue(message.startsWith("offload is true, but recompute is never"), message);
    }
  }

  @Test
  void explainAndTheSummarySayWhichStagesAreDoneAgain() {
    PipelineParallelClassifier sqrt = classifier().setRecompute("sqrt");
    Explanation explained = sqrt.explain(rows);
    assertTrue(explained.stages().size() > 2, explained.toString());
    // The last one's backward comes right behind its forward.
    int last = explained.stages().size() - 1;
    assertTrue(explained.stages().subList(0, last).stream().allMatch(StagePlan::recomputed));
    assertFalse(explained.stages().get(last).recomputed());
    assertTrue(
        explained.toString().contains("         yes  0: Dense, relu\n"), explained.toString());
    assertTrue(explained.prediction().isPresent());
    String summary = sqrt.fit(rows).summary().toString();
    assertFalse(classifier().explain(rows).stages().stream().anyMatch(StagePlan::recomputed));
    assertTrue(sqrt.fit(rows).summary().plan().contains(" weights, recomputed:"), summary);
  }

  /** The layers of the plan that stay within half of what all of them keep. */
  @Test
  void autoTakesTheLayersThatHaveToBeDoneAgain() {
    PipelineParallelClassifier auto = classifier().setBatchSize(512).setRecompute("auto");
    CutSchedule all = auto.resolvePlan(network(), CutConstraints.UNLIMITED);
    assertEquals(List.of(), all.recomputedLayers());
    assertEquals(2, all.cut().stages());
    LayerCosts costs = LayerCosts.estimated(network(), 128, auto.resolveUpdater());
    long whole = HeldBytes.of(all.schedule(), all.cut(), costs);
    CutSchedule some = auto.resolvePlan(network(), whole * 3 / 4);
    assertTrue(HeldBytes.of(some.schedule(), some.cut(), costs) <= whole * 3 / 4);
    assertFalse(some.recomputedLayers().isEmpty());
    assertTrue(some.recomputedLayers().size() < network().layers().size());
    assertThrows(IllegalArgumentException.class, () -> auto.resolvePlan(network(), whole / 100));
  }

  /** Stages that are cut by hand, of which each is divided on its own executor. */
  @Test
  void stageStartsAreThoseOfWholeStages() {
    PipelineParallelClassifier own = classifier().setStageStarts(0, 7).setRecompute("sqrt");
    Explanation explained = own.explain(rows);
    assertEquals(
        List.of(0, 0, 0, 1, 1),
        explained.stages().stream().map(StagePlan::rank).toList(),
        explained.toString());
    assertEquals(7, explained.stages().get(3).layers().get(0).index());
    own.setNumVirtualStages(2).setSchedule("interleaved").setStageStarts(0, 2, 4, 6);
    assertEquals(
        List.of(0, 1, 0, 1, 1, 1),
        own.explain(rows).stages().stream().map(StagePlan::rank).toList());
  }

  /** Left out, schedule auto chooses it; what is set holds. */
  @Test
  void scheduleAutoChoosesWhatIsNotSet() {
    PipelineParallelClassifier auto = classifier().setSchedule("auto");
    assertEquals(RecomputePolicy.AUTO, auto.resolveChoice().saving().recomputation());
    assertEquals(RecomputePolicy.NEVER, classifier().resolveRecompute());
    auto.setRecompute("never");
    assertEquals(RecomputePolicy.NEVER, auto.resolveChoice().saving().recomputation());
    auto.setRecompute("sqrt");
    assertEquals(RecomputePolicy.SQRT, auto.resolveChoice().saving().recomputation());
  }

  @Test
  void theRuleIsSavedWithTheEstimator() throws Exception {
    for (String which : List.of("sqrt", "auto")) {
      String path = directory.resolve(which).toUri().toString();
      classifier().setRecompute(which).write().save(path);
      assertEquals(which, PipelineParallelClassifier.load(path).getRecompute());
    }
  }

  /** A network of stages in segments, of which fewer executors cut whole stages anew. */
  @Test
  void fewerExecutorsDivideTheirOwnStages() {
    PipelineParallelClassifier sqrt = classifier().setNumStages(3).setRecompute("sqrt");
    CutSchedule on3 = sqrt.resolvePlan(network(), CutConstraints.UNLIMITED);
    TrainingPlan plan =
        new TrainingPlan(
            network().toWire(),
            sqrt.resolveUpdater().toJson(),
            on3.cut().starts(),
            on3.schedule(),
            32,
            2,
            42);
    for (RecomputePolicy policy : RecomputePolicy.values()) {
      boolean offload = policy.isByLayer();
      for (int executors = 1; executors < 3; executors++) {
        TrainingPlan fewer =
            new FewerExecutors(plan, network(), 1, policy, offload, 1L << 30).on(executors);
        CutSchedule own =
            sqrt.copy(ParamMap.empty())
                .setNumStages(executors)
                .setRecompute(policy.id())
                .setOffload(offload)
                .resolvePlan(network(), 1L << 30);
        assertEquals(own.schedule(), fewer.schedule());
        assertEquals(own.cut().starts(), fewer.stageStarts());
      }
    }
  }

  /** A plan to look at, or to cut by hand, is one of whole stages. */
  @Test
  void aScheduleIsOneOfWholeStagesUntilItIsCut() {
    PipelineParallelClassifier sqrt = classifier().setRecompute("sqrt");
    Schedule whole = sqrt.resolveSchedule();
    assertEquals(2, whole.stages());
    Cut cut = sqrt.resolveCut(network(), whole, CutConstraints.UNLIMITED);
    CutSchedule divided = sqrt.resolvePlan(network(), CutConstraints.UNLIMITED);
    assertTrue(divided.cut().starts().containsAll(cut.starts()));
    int last = divided.cut().first(divided.cut().stages() - 1);
    assertEquals(IntStream.range(0, last).boxed().toList(), divided.recomputedLayers());
  }
}
