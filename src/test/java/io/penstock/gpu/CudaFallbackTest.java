package io.penstock.gpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.device.Nd4jBackend;
import io.penstock.launch.cluster.PreflightException;
import io.penstock.ml.Explanation;
import io.penstock.ml.PipelineParallelClassificationModel;
import io.penstock.ml.PipelineParallelClassifier;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** CUDA's jars on the class path, and no GPU: what an application meets on a node without one. */
@NeedsCudaJars
@Timeout(180)
class CudaFallbackTest {
  private static SparkSession spark;
  private static Dataset<Row> data;

  @BeforeAll
  static void start() {
    spark =
        SparkSession.builder()
            .master("local[2]")
            .config("spark.penstock.backend", "auto")
            .getOrCreate();
    data = TwoStages.rows(spark);
  }

  @AfterAll
  static void stop() {
    spark.stop();
  }

  @Test
  void autoTrainsAndScoresOnTheCpu() {
    PipelineParallelClassifier two = TwoStages.classifier(2, "auto");
    PipelineParallelClassificationModel model = two.fit(data);
    assertArrayEquals(
        TwoStages.classifier(1, "false").fit(data).summary().objectiveHistory(),
        model.summary().objectiveHistory());
    assertEquals(data.count(), model.transform(data).count());
    assertEquals(Nd4jBackend.CPU, Nd4jBackend.loaded());
    Explanation explained = two.explain(data);
    assertTrue(explained.devices().startsWith("on the CPU: "), explained.devices());
    assertTrue(explained.toString().contains("computes on the CPU: "), explained.toString());
  }

  @Test
  void aGpuThatIsRequiredIsRefused() {
    PreflightException refused =
        assertThrows(PreflightException.class, () -> TwoStages.classifier(2, "true").fit(data));
    String said = refused.getMessage();
    assertTrue(said.contains("2 stages need 2 GPUs, one each; 0 can be used."), said);
    assertTrue(said.contains("no job was started"), said);
  }
}
