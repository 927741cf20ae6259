package io.penstock.gpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.FakeTool;
import io.penstock.device.Nd4jBackend;
import io.penstock.launch.cluster.PreflightException;
import io.penstock.ml.PipelineParallelClassifier;
import java.nio.file.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * CUDA's jars on the class path, a tool that tells of a GPU, and none that CUDA finds: a broken
 * driver. ND4J then takes the CPU by itself, which must be said, not hidden.
 */
@NeedsCudaJars
@Timeout(180)
class CudaDoesNotLoadTest {
  @Test
  void autoGoesOnOnTheCpuAndWhatNeedsAGpuIsRefusedFromThenOn(@TempDir Path directory)
      throws Exception {
    Path tool = FakeTool.in(directory, "smi", "echo '0, GPU-5c1e, 8.6, 24576 MiB, 535.104.05'");
    try (SparkSession spark =
        SparkSession.builder()
            .master("local[2]")
            .config("spark.penstock.backend", "auto")
            .config("spark.penstock.gpu.nvidiaSmi", tool.toString())
            .getOrCreate()) {
      Dataset<Row> data = TwoStages.rows(spark);
      PipelineParallelClassifier auto = TwoStages.classifier(2, "auto");
      assertEquals(3, auto.fit(data).summary().objectiveHistory().length);
      assertEquals(Nd4jBackend.CPU, Nd4jBackend.loaded());
      String after = auto.explain(data).devices();
      assertTrue(after.startsWith("on the CPU: "), after);
      assertTrue(after.contains("ND4J runs on the CPU in this process already"), after);
      PreflightException refused =
          assertThrows(PreflightException.class, () -> TwoStages.classifier(1, "true").fit(data));
      assertTrue(refused.getMessage().contains("1 stage needs 1 GPU,"), refused.getMessage());
    }
  }
}
