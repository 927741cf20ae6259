package io.penstock.ml;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.testing.LocalSpark;
import java.nio.file.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Data parallelism by params. */
@Timeout(300)
@LocalSpark(slots = 4)
class ReplicatedFitTest {
  private static Dataset<Row> rows;

  @BeforeAll
  static void start(SparkSession spark) {
    rows = spark.range(0, 70, 1, 3).selectExpr("id / 70d a", "id % 5 / 5d b", "id % 3 label");
  }

  private static PipelineParallelClassifier classifier() {
    return new PipelineParallelClassifier()
        .setFeaturesCols(new String[] {"a", "b"})
        .setLabelCol("label")
        .setLayers(new int[] {2, 9, 7, 3})
        .setBatchSize(20)
        .setNumMicroBatches(4)
        .setMaxIter(3)
        .setSeed(5);
  }

  @Test
  void replicasLearnWhatOneExecutorDoesInAsManyGroups() {
    PipelineParallelClassificationModel one =
        classifier().setNumStages(1).setGradientGroups(2).fit(rows);
    for (boolean sharded : new boolean[] {false, true}) {
      PipelineParallelClassificationModel four =
          classifier().setNumStages(2).setNumReplicas(2).setShardOptimizer(sharded).fit(rows);
      assertArrayEquals(one.summary().objectiveHistory(), four.summary().objectiveHistory());
      assertEquals(
          one.transform(rows).select("rawPrediction").collectAsList(),
          four.transform(rows).select("rawPrediction").collectAsList());
      double beside = four.summary().exchangeBeside().orElseThrow();
      assertTrue(0 <= beside && beside <= 1, beside + " of the gradients");
      String words = "of the gradients from other replicas came beside the backward";
      assertTrue(four.summary().toString().contains(words));
      assertEquals(4, four.summary().result().lastParts().size());
    }
    assertTrue(one.summary().exchangeBeside().isEmpty());
  }

  @Test
  void theAutoPlanIsOfEachReplicasShare() {
    PipelineParallelClassifier auto =
        classifier().setNumStages(2).setNumReplicas(2).setSchedule("auto");
    assertEquals(3, auto.fit(rows).summary().totalIterations());
  }

  @Test
  void asManyReplicasAsPayAreChosen() {
    PipelineParallelClassifier auto =
        classifier().setNumStages(0).setNumReplicas(0).setSchedule("auto");
    assertEquals(3, auto.fit(rows).summary().totalIterations());
    auto.setNumStages(2);
    assertEquals(3, auto.fit(rows).summary().totalIterations());
    auto.setNumStages(0).setNumReplicas(2);
    assertEquals(3, auto.fit(rows).summary().totalIterations());
  }

  @Test
  void aStepThatOnlyItsSumsHaveSkippedIsToldOnce() {
    Dataset<Row> large =
        rows.selectExpr("if(a < 0.04, 3e20d, a) a", "b", "label"); // whose squares are infinite
    for (int replicas : new int[] {1, 3}) {
      for (boolean sharded : new boolean[] {false, true}) {
        PipelineParallelClassifier skipping =
            classifier()
                .setNumMicroBatches(6)
                .setNumStages(1)
                .setMaxIter(1)
                .setNumReplicas(replicas)
                .setGradientGroups(3)
                .setShardOptimizer(sharded)
                .setOnBadNumbers("skip");
        assertEquals(2, skipping.fit(large).summary().skippedSteps(), replicas + " replicas");
      }
    }
  }

  @Test
  void explainCountsWhatReplicasExchange() {
    PipelineParallelClassifier wide =
        classifier().setLayers(new int[] {2, 400, 400, 3}).setNumStages(1);
    long one = wide.explain(rows).prediction().orElseThrow().bytes();
    long two = wide.setNumReplicas(2).explain(rows).prediction().orElseThrow().bytes();
    assertTrue(two > one + 400 * 400 * Float.BYTES / 2, one + " and " + two);
  }

  @Test
  void anAutoPlanGoesOnInTheGroupsOfItsCheckpoint(@TempDir Path directory) {
    PipelineParallelClassificationModel undisturbed =
        classifier().setNumStages(1).setGradientGroups(2).fit(rows);
    classifier()
        .setNumStages(1)
        .setNumReplicas(2)
        .setMaxIter(1)
        .setCheckpointDir(directory.toUri().toString())
        .fit(rows);
    PipelineParallelClassificationModel wentOn =
        classifier()
            .setSchedule("auto")
            .setNumStages(0)
            .setNumReplicas(0)
            .setCheckpointDir(directory.toUri().toString())
            .fit(rows);
    assertEquals(
        undisturbed.transform(rows).select("rawPrediction").collectAsList(),
        wentOn.transform(rows).select("rawPrediction").collectAsList());
  }

  @Test
  void whatWouldBeDoneIsExplained() {
    String told = classifier().setNumStages(2).setNumReplicas(2).explain(rows).toString();
    assertTrue(told.contains("2 replicas of 2 executors"), told);
    assertTrue(told.contains("4 micro-batches of a mini-batch of 20 rows"), told);
  }
}
