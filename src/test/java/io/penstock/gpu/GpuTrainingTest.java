package io.penstock.gpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.device.Machine;
import io.penstock.device.Nd4jBackend;
import io.penstock.device.NvidiaSmi;
import io.penstock.ml.PipelineParallelClassificationModel;
import java.io.IOException;
import java.util.function.Function;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.nd4j.nativeblas.NativeOps;
import org.nd4j.nativeblas.NativeOpsHolder;

/** Training on GPUs. The stages are threads of this process: local mode. */
@NeedsGpu
@Timeout(600)
class GpuTrainingTest {
  private static final long MIB = 1 << 20;

  private static <R> R locally(Function<Dataset<Row>, R> work) throws IOException {
    try (SparkSession spark =
        SparkSession.builder()
            .master("local[2]")
            .config("spark.penstock.backend", "nd4j-cuda")
            .getOrCreate()) {
      return work.apply(TwoStages.rows(spark));
    }
  }

  private static double[] losses(Dataset<Row> data, int stages, String requireGpu) {
    return TwoStages.classifier(stages, requireGpu).fit(data).summary().objectiveHistory();
  }

  @Test
  void twoStagesOnOneGpuLearnWhatOneStageDoes() throws IOException {
    locally(
        data -> {
          double[] one = losses(data, 1, "true");
          assertEquals(Nd4jBackend.CUDA, Nd4jBackend.loaded());
          assertArrayEquals(one, losses(data, 2, "auto"));
          return null;
        });
  }

  @Test
  void twoGpusLearnWhatOneDoes() throws IOException {
    int gpus = Machine.here(NvidiaSmi.DEFAULT).addresses().size();
    Assumptions.assumeTrue(gpus >= 2, "this process sees 1 GPU");
    locally(
        data -> {
          assertArrayEquals(losses(data, 1, "true"), losses(data, 2, "true"));
          return null;
        });
  }

  @Test
  void aGpuLearnsWhatAProcessorDoes() throws IOException {
    double[] gpu = locally(data -> losses(data, 1, "true"));
    try (SparkSession spark =
        SparkSession.builder()
            .master("local-cluster[1,1,1024]")
            .config("spark.penstock.backend", "cpu")
            .config("spark.executor.memory", "512m")
            .config("spark.executorEnv.SPARK_SCALA_VERSION", "2.13")
            .config("spark.executorEnv.SPARK_TESTING", "1")
            .config("spark.executor.extraClassPath", System.getProperty("java.class.path"))
            .getOrCreate()) {
      assertArrayEquals(losses(TwoStages.rows(spark), 1, "false"), gpu, 1e-3);
    }
  }

  @Test
  void theModelScoresOnTheGpuToo() throws IOException {
    locally(
        data -> {
          PipelineParallelClassificationModel model =
              TwoStages.classifier(1, "true").setMaxIter(60).fit(data);
          long right = model.transform(data).where("prediction = label").count();
          assertTrue(right > 0.9 * data.count(), right + " of " + data.count() + " are right");
          return null;
        });
  }

  @Test
  void theMemoryOfTheGpuDoesNotGrow() throws IOException {
    locally(
        data -> {
          losses(data, 2, "auto"); // loads kernels and fills ND4J's cache
          long before = free();
          for (int fit = 0; fit < 5; fit++) {
            losses(data, 2, "auto");
          }
          long lost = before - free();
          assertTrue(lost < 64 * MIB, lost / MIB + " MiB were lost in five fits");
          return null;
        });
  }

  private static long free() {
    NativeOps ops = NativeOpsHolder.getInstance().getDeviceNativeOps();
    return ops.getDeviceFreeMemory(ops.getDevice());
  }
}
