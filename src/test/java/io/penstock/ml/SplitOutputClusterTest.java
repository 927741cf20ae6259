package io.penstock.ml;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.penstock.launch.job.Executors;
import io.penstock.nn.loss.Losses;
import io.penstock.nn.network.Sequential;
import io.penstock.nn.network.SplitOutput;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** An output in blocks on executors that are processes of their own. */
@Timeout(600)
@Tag("slow")
class SplitOutputClusterTest {
  @Test
  void blocksOnExecutorsOfTheirOwnLearnAndScoreAsOnOne() throws Exception {
    Sequential gpt =
        Counting.gpt(0.1).splitOutput(4).loss(Losses.softmaxCrossEntropy().smoothed(0.1)).build();
    try (SparkSession spark = Executors.of(4, 1).getOrCreate()) {
      Dataset<Row> rows = Counting.rows(spark);
      PipelineParallelSequenceLearner learner =
          Counting.learner().setNetwork(gpt).setPerplexityCol("perplexity");
      PipelineParallelSequenceModel one = learner.setNumStages(1).fit(rows);
      Map<Integer, float[]> wanted = one.summary().result().weights().toMap();
      PipelineParallelSequenceModel model = learner.setNumStages(4).fit(rows);
      assertSame(wanted, model.summary().result().weights().toMap());
      learner.setNumStages(2).setSchedule("zb-v");
      assertSame(wanted, learner.fit(rows).summary().result().weights().toMap());
      List<Row> scored = model.transform(rows).collectAsList();
      spark.conf().set("spark.penstock.scoring.way", "pipeline");
      spark.conf().set("spark.penstock.scoring.stages", "3");
      assertEquals(scored, model.transform(rows).collectAsList());
      assertEquals(4, SplitOutput.in(model.describe()).orElseThrow().blocks());
    }
  }

  private static void assertSame(Map<Integer, float[]> wanted, Map<Integer, float[]> weights) {
    assertEquals(wanted.keySet(), weights.keySet());
    wanted.forEach((layer, values) -> assertArrayEquals(values, weights.get(layer)));
  }
}
