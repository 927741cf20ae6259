package io.penstock.ml;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.FreshProcess;
import io.penstock.checkpoint.NetworkWeights;
import io.penstock.launch.job.Executors;
import io.penstock.nn.loss.Losses;
import io.penstock.nn.network.Sequential;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A network that is larger than the heap of the driver's process, on executors that hold half. */
@Timeout(900)
@Tag("slow")
class SmallDriverTest {
  private static final String HEAP = "256m";

  @TempDir Path directory;

  @Test
  void aNetworkLargerThanTheDriversHeapIsFittedSavedLoadedAndTrainedFurther() throws Exception {
    List<String> told =
        FreshProcess.run(
            SmallDriverTest.class,
            Map.of("JAVA_TOOL_OPTIONS", "-Xmx" + HEAP),
            directory.toString());
    assertEquals(List.of("heap is smaller", "fitted", "saved", "trained further"), told);
    assertEquals(List.of(), files(directory.resolve("shared")));
    long bytes = 0;
    for (Path file : files(directory.resolve("model/data"))) {
      bytes += Files.size(file);
    }
    assertTrue(bytes > 4 * size(network()), bytes + " bytes");
  }

  private static List<Path> files(Path folder) throws IOException {
    try (var found = Files.walk(folder)) {
      return found.filter(Files::isRegularFile).toList();
    }
  }

  private static Sequential network() {
    return Sequential.input(4)
        .dense(8192)
        .dense(4096)
        .dense(8192)
        .dense(2)
        .loss(Losses.softmaxCrossEntropy())
        .build();
  }

  private static long size(Sequential network) {
    long size = 0;
    for (int layer = 0; layer < network.layers().size(); layer++) {
      size += network.parameterCount(layer);
    }
    return size;
  }

  /** The driver. */
  public static void main(String[] arguments) throws Exception {
    Path directory = Path.of(arguments[0]);
    long heap = Runtime.getRuntime().maxMemory();
    FreshProcess.tell(heap < 4 * size(network()) ? "heap is smaller" : "heap is " + heap);
    try (SparkSession spark =
        Executors.of(2, 1)
            .config("spark.ui.enabled", "false")
            // Or Spark refuses so small a heap.
            .config("spark.testing.reservedMemory", 64L << 20)
            .config("spark.executor.memoryOverhead", "2g")
            .config("spark.driver.maxResultSize", "4m")
            .config("spark.penstock.model.dir", directory.resolve("shared").toUri().toString())
            .getOrCreate()) {
      Dataset<Row> rows =
          spark
              .range(0, 4, 1, 1)
              .selectExpr("array(id / 4d, 1d, 0d, -id / 9d) features", "id % 2 label");
      PipelineParallelClassifier classifier =
          new PipelineParallelClassifier()
              .setNetwork(network())
              .setNumStages(2)
              .setNumMicroBatches(2)
              .setBatchSize(4)
              .setMaxIter(1)
              .setUpdater("sgd")
              .setStepSize(1e-3);
      PipelineParallelClassificationModel model = classifier.fit(rows);
      NetworkWeights weights = model.fittedNetwork().scorer().weights();
      FreshProcess.tell(weights.directory().isPresent() ? "fitted" : "in memory");
      String saved = directory.resolve("model").toString();
      model.save(saved);
      FreshProcess.tell("saved");
      PipelineParallelClassificationModel loaded = PipelineParallelClassificationModel.load(saved);
      classifier.setInitialModel(loaded).fit(rows);
      FreshProcess.tell("trained further");
    }
  }
}
