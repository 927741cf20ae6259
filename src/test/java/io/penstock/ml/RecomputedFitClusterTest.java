package io.penstock.ml;

import static org.apache.spark.sql.functions.expr;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.event.StagePlan;
import io.penstock.launch.job.Executors;
import io.penstock.nn.layer.Activation;
import io.penstock.nn.loss.Losses;
import io.penstock.nn.network.NetworkBuilder;
import io.penstock.nn.network.Sequential;
import java.util.List;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A network that executors can train only if some of its layers are done again. */
@Timeout(600)
@Tag("slow")
class RecomputedFitClusterTest {
  private static final int ROWS = 8192;
  private static final int LAYERS = 16;
  private static final int WIDTH = 256;

  private static Sequential network() {
    NetworkBuilder network = Sequential.input(4);
    for (int i = 0; i < LAYERS; i++) {
      network = network.dense(WIDTH, Activation.RELU);
    }
    return network.dense(3).loss(Losses.softmaxCrossEntropy()).build();
  }

  /**
   * 16 micro-batches whose activations take half a mebibyte a layer, and as much their gradients.
   */
  private static PipelineParallelClassifier classifier() {
    return new PipelineParallelClassifier()
        .setNetwork(network())
        .setFeaturesCol("floats")
        .setSchedule("gpipe")
        .setNumMicroBatches(16)
        .setBatchSize(ROWS)
        .setMaxIter(1);
  }

  private static Dataset<Row> rows(SparkSession spark) {
    return spark
        .range(0, ROWS, 1, 2)
        .withColumn("label", expr("cast(id % 3 as double)"))
        .withColumn(
            "floats",
            expr("transform(sequence(0, 3), i -> cast(pmod(hash(id, i), 1000) / 1000d as float))"));
  }

  @Test
  void autoDoesAgainWhatDoesNotFitAndLearnsTheSame() throws Exception {
    double[] losses;
    try (SparkSession spark =
        Executors.of(2, 1)
            .config("spark.ui.enabled", "false")
            .config("spark.executor.memoryOverhead", "96m")
            .getOrCreate()) {
      Dataset<Row> rows = rows(spark);
      String refused =
          assertThrows(IllegalArgumentException.class, () -> classifier().fit(rows)).getMessage();
      assertTrue(refused.contains("an executor may allocate 96 MiB"), refused);

      PipelineParallelClassifier auto = classifier().setRecompute("auto");
      Explanation explained = auto.explain(rows);
      assertEquals(List.of(), explained.findings());
      long again = explained.stages().stream().filter(StagePlan::recomputed).count();
      assertTrue(again > 0 && again < explained.stages().size(), explained.toString());
      losses = auto.fit(rows).training().orElseThrow().stepLosses();

      PipelineParallelClassifier chosen = auto.copy(ParamMap.empty());
      chosen.clear(chosen.recompute());
      var choice =
          chosen.setSchedule("auto").fit(rows).training().orElseThrow().choice().orElseThrow();
      assertTrue(choice.best().bytes() <= 96 << 20, choice::table);
    }
    try (SparkSession spark =
        SparkSession.builder()
            .master("local[1]")
            .config("spark.ui.enabled", "false")
            .config("spark.sql.shuffle.partitions", "2")
            .getOrCreate()) {
      PipelineParallelClassifier one = classifier().setNumStages(1).setRecompute("sqrt");
      assertArrayEquals(losses, one.fit(rows(spark)).training().orElseThrow().stepLosses());
    }
  }
}
