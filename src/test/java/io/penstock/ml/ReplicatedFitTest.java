package io.penstock.ml;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.testing.LocalSpark;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

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
    }
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
  void whatWouldBeDoneIsExplained() {
    String told = classifier().setNumStages(2).setNumReplicas(2).explain(rows).toString();
    assertTrue(told.contains("2 replicas of 2 executors"), told);
    assertTrue(told.contains("4 micro-batches of a mini-batch of 20 rows"), told);
  }
}
