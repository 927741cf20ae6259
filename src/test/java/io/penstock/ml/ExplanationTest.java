package io.penstock.ml;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.Bytes;
import io.penstock.event.LayerPlan;
import io.penstock.event.StagePlan;
import io.penstock.launch.cluster.PreflightException;
import io.penstock.testing.LocalSpark;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
@LocalSpark(slots = 4)
class ExplanationTest {
  private static SparkSession spark;
  private static Dataset<Row> rows;

  @BeforeAll
  static void start(SparkSession session) {
    spark = session;
    rows = Blobs.rows(spark).cache();
  }

  @Test
  void itSaysWhatEveryStageHolds() {
    Explanation explained =
        Blobs.classifier().setStageStarts(0, 2).setUpdater("adam").explain(rows);
    StagePlan first = explained.stages().get(0);
    assertEquals(List.of("Dense", "relu"), first.layers().stream().map(LayerPlan::kind).toList());
    assertEquals(4 * 8 + 8, first.parameters());
    assertEquals(4 * 4 * first.parameters(), first.stateBytes(), "weights, gradients, Adam's two");
    assertEquals(2, first.inFlight(), "1f1b on two stages");
    StagePlan last = explained.stages().get(1);
    assertEquals(2, last.layers().get(0).index());
    assertEquals(8 * 3 + 3, last.parameters());
    assertEquals(1, last.inFlight());
    // 8 rows of 8 numbers come in; 3 scores go out, and a gradient for each.
    assertEquals(4 * 8 * (8 + 2 * 3), last.activationBytes());
  }

  /** On two replicas, each of which owns one of the two dense layers of a stage. */
  @Test
  void itSaysWhatReplicasShareAndWhatIsOnDisk() {
    PipelineParallelClassifier all =
        Blobs.classifier()
            .setLayers(4, 4, 4, 4, 4)
            .setStageStarts(0, 4)
            .setNumReplicas(2)
            .setRecompute("always")
            .setOffload(true)
            .setUpdater("adam");
    Explanation whole = all.explain(rows);
    Explanation shared = all.setShardOptimizer(true).explain(rows);
    long dense = 4 * (4 * 4 + 4);
    assertEquals(2 * 4 * dense, whole.stages().get(0).stateBytes());
    assertEquals((2 * 2 + 2) * dense, shared.stages().get(0).stateBytes());
    // Of what replicas send each other, whole layers' gradients are added where halves were.
    long parts = dense - dense / 2 - Float.BYTES * 7;
    assertEquals(whole.neededBytes() - 2 * dense + parts, shared.neededBytes());
    String told = shared.toString();
    for (String option : new String[] {"offload: ", "shardOptimizer: ", "gradientGroups: "}) {
      assertTrue(told.contains("\n" + option), told);
    }
  }

  /** As the check before the job counts it, which is more than what the stages hold. */
  @Test
  void memoryIsThatOfTheCheckBeforeTheJob() {
    PipelineParallelClassifier estimator = Blobs.classifier();
    Explanation explained = estimator.explain(rows);
    long most = explained.stages().stream().mapToLong(StagePlan::bytes).max().orElseThrow();
    assertTrue(explained.neededBytes() >= most, explained::toString);
    Explanation copies =
        estimator
            .setValidationIndicatorCol("held")
            .explain(rows.selectExpr("*", "id % 5 = 0 held"));
    assertTrue(copies.neededBytes() > explained.neededBytes(), copies::toString);
    String words =
        "\nnative memory: at most " + new Bytes(copies.neededBytes()).up() + " on an executor";
    assertTrue(copies.toString().contains(words), copies::toString);
  }

  @Test
  void layersAreNamedAsInTheEventsOfARun() {
    String table = Blobs.classifier().setStageStarts(0, 2).explain(rows).toString();
    assertTrue(table.contains("  0: Dense, relu\n") && table.contains("  2: Dense\n"), table);
  }

  @Test
  void oneOfAThingIsOne() {
    String one =
        Blobs.classifier()
            .setNumStages(1)
            .setBatchSize(1)
            .setNumMicroBatches(1)
            .explain(rows)
            .toString();
    assertTrue(one.contains(" on 1 executor: 1 micro-batch of a mini-batch of 1 row\n"), one);
    String more = Blobs.classifier().setNumStages(2).setBatchSize(4).explain(rows).toString();
    assertTrue(more.contains(" on 2 executors: 4 micro-batches of a mini-batch of 4 rows\n"), more);
  }

  @Test
  void itForetellsAStepFromAMeasurement() {
    Explanation explained = Blobs.classifier().setNumStages(2).explain(rows);
    assertEquals(List.of(), explained.findings());
    var predicted = explained.prediction().orElseThrow();
    assertTrue(
        predicted.seconds() > 0 && Double.isFinite(predicted.seconds()), predicted.toString());
    assertTrue(predicted.bubble() >= 0 && predicted.bubble() < 1, predicted.toString());
    assertEquals(32 / predicted.seconds(), explained.rowsPerSecond().orElseThrow(), 1e-9);
    assertTrue(explained.toString().contains("a step"), explained.toString());
  }

  @Test
  void aPlanThatIsToBeChosenIsChosen() {
    Explanation explained = Blobs.classifier().setNumStages(2).setSchedule("auto").explain(rows);
    assertEquals(2, explained.schedule().ranks().size());
    assertTrue(explained.prediction().isPresent());
  }

  @Test
  void whatTheClusterLacksIsFoundWithoutAJob() {
    int jobs = jobs();
    Explanation explained =
        Blobs.classifier().setLayers(4, 8, 8, 8, 8, 3).setNumStages(8).explain(rows);
    assertEquals(8, explained.stages().size());
    assertTrue(explained.prediction().isEmpty());
    assertTrue(explained.findings().get(0).startsWith("Slots: 8 stages"), explained.toString());
    assertTrue(explained.toString().contains("cannot carry it"), explained.toString());
    assertEquals(jobs, jobs());
  }

  /** Of weights that fit into this process once, and not with a copy of the best epoch's. */
  @Test
  void copiesOfWeightsCountAsInTheFit() {
    int width = 1024;
    long most = Runtime.getRuntime().maxMemory() / Float.BYTES / 11 * 2; // numbers of one of two
    PipelineParallelClassifier large =
        Blobs.classifier()
            .setLayers(4, width, (int) (most / width), width, 3)
            .setNumStages(1)
            .setUpdater("sgd");
    Dataset<Row> held = rows.selectExpr("*", "id % 5 = 0 held");
    String found = large.setValidationIndicatorCol("held").explain(held).findings().toString();
    assertTrue(found.contains("Native memory"), found);
    String refused = assertThrows(PreflightException.class, () -> large.fit(held)).getMessage();
    assertTrue(refused.contains(found.substring(1, found.length() - 1)), refused);
  }

  @Test
  void whatFitRefusesIsRefused() {
    assertThrows(
        IllegalArgumentException.class, () -> Blobs.classifier().setLabelCol("no").explain(rows));
  }

  private static int jobs() {
    return spark.sparkContext().statusTracker().getJobIdsForGroup(null).length;
  }
}
