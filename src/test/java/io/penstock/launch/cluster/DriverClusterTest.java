package io.penstock.launch.cluster;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.FakeTool;
import io.penstock.compute.cuda.StandIn;
import io.penstock.conf.Settings;
import io.penstock.feed.FeatureColumns;
import io.penstock.feed.LabelKind;
import io.penstock.launch.job.Executors;
import io.penstock.launch.job.RunOptions;
import io.penstock.launch.job.SmallRun;
import io.penstock.launch.job.StandaloneCluster;
import io.penstock.launch.job.TrainingJob;
import io.penstock.launch.plugin.PenstockPlugin;
import io.penstock.train.TrainingPlan;
import java.nio.file.Path;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A standalone cluster whose executors have a GPU each, which a stand-in of CUDA's driver shows.
 */
@Timeout(180)
@Tag("slow")
class DriverClusterTest {
  /** What nvidia-smi would print: its numbers are those of Spark's addresses. */
  private static final String LISTED =
      """
      echo '0, GPU-7374616e-642d-696e-0000-000000000001, 9.0, 4096 MiB, 570.1'
      echo '1, GPU-7374616e-642d-696e-0000-000000000000, 9.0, 4096 MiB, 570.1'\
      """;

  @Test
  void everyExecutorOpensTheGpuOfItsAddressThroughTheDriver(@TempDir Path directory)
      throws Exception {
    String library = StandIn.fresh().library().getFile().getPath();
    Path tool = FakeTool.in(directory, "smi", LISTED);
    try (StandaloneCluster cluster = StandaloneCluster.withGpus(directory, 4, 2);
        SparkSession spark =
            cluster
                .session()
                .config("spark.plugins", PenstockPlugin.class.getName())
                .config(Settings.NVIDIA_SMI.key(), tool.toString())
                .config("spark.executorEnv.STAND_IN_DEVICES", "2")
                .config(
                    "spark.executor.extraJavaOptions",
                    Executors.JAVA_OPTIONS
                        + " -Dpenstock.cuda.cublasLt=none -Dpenstock.cuda.driver="
                        + library)
                .getOrCreate()) {
      Findings found =
          TrainingJob.findings(
              spark.sparkContext(), SmallRun.plan(2), GpuUse.REQUIRED, Optional.empty());
      assertEquals("", String.join("\n", found.problems()));
      assertTrue(found.devices().startsWith("on GPUs: "), found.devices());
      for (String gpu : new String[] {"0", "1"}) {
        assertTrue(found.devices().contains("GPU " + gpu + " of "), found.devices());
        String opened =
            "computes with GPU "
                + gpu
                + ", Stand-in of compute capability 9.0 through CUDA's driver";
        assertTrue(found.arithmetic().contains(opened), found.arithmetic());
      }
      Dataset<Row> data = SmallRun.rows(spark);
      double[] two = losses(data, SmallRun.plan(2), GpuUse.REQUIRED);
      assertArrayEquals(losses(data, SmallRun.plan(1), GpuUse.REQUIRED), two);
      // A process that has computed on its GPU may compute on its processor too.
      assertArrayEquals(losses(data, SmallRun.plan(2), GpuUse.NEVER), two, 1e-5);
    }
  }

  private static double[] losses(Dataset<Row> data, TrainingPlan plan, GpuUse gpus) {
    return TrainingJob.run(
            data,
            FeatureColumns.of(data, SmallRun.FEATURES, "label"),
            LabelKind.classId(3),
            plan,
            RunOptions.NONE.withGpus(gpus))
        .stepLosses();
  }
}
