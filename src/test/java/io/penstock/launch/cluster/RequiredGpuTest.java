package io.penstock.launch.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.conf.Settings;
import io.penstock.device.Machine;
import io.penstock.ml.Explanation;
import io.penstock.ml.PipelineParallelClassifier;
import java.nio.file.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** An estimator in local mode that is to use ND4J's CUDA backend, on a machine without a driver. */
@Timeout(120)
class RequiredGpuTest {
  @TempDir static Path directory;

  private static SparkSession spark;
  private static Dataset<Row> data;

  @BeforeAll
  static void start() {
    spark =
        SparkSession.builder()
            .master("local[2]")
            .config(Settings.BACKEND.key(), "nd4j-cuda")
            .config(Settings.NVIDIA_SMI.key(), directory.resolve("no-driver").toString())
            .getOrCreate();
    data = spark.range(0, 64, 1, 2).selectExpr("array(id / 64d, 1d) features", "id % 2 label");
  }

  @AfterAll
  static void stop() {
    spark.stop();
  }

  private static PipelineParallelClassifier classifier(String requireGpu) {
    return new PipelineParallelClassifier()
        .setLayers(new int[] {2, 4, 2})
        .setMaxIter(1)
        .setBatchSize(32)
        .setRequireGpu(requireGpu);
  }

  @Test
  void fitIsRefusedWithWhatIsMissing() {
    PreflightException refused =
        assertThrows(PreflightException.class, () -> classifier("true").fit(data));
    String said = refused.getMessage();
    assertTrue(said.contains("2 stages need 2 GPUs, one each; 0 can be used."), said);
    String missing = Machine.hasCudaJars() ? "there is no NVIDIA driver" : "mvn -Pcuda";
    assertTrue(said.contains(missing), said);
  }

  @Test
  void aPlanThatIsToBeMeasuredIsRefusedToo() {
    assertThrows(PreflightException.class, () -> classifier("true").setSchedule("auto").fit(data));
  }

  @Test
  void explainTellsWhatFitWouldComputeOn() {
    Explanation refused = classifier("true").explain(data);
    assertTrue(refused.toString().contains("GPUs: 2 stages need 2 GPUs"), refused.toString());
    Explanation auto = classifier("auto").explain(data);
    assertTrue(auto.toString().contains("computes on the CPU: "), auto.toString());
    assertEquals("on the CPU: requireGpu is false", classifier("false").explain(data).devices());
  }

  @Test
  void othersTrain() {
    for (String use : new String[] {"auto", "false"}) {
      assertEquals(1, classifier(use).fit(data).summary().objectiveHistory().length);
    }
  }
}
