package io.penstock.ml;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.checkpoint.NetworkWeights;
import io.penstock.launch.cluster.GpuUse;
import io.penstock.launch.cluster.PreflightException;
import io.penstock.launch.job.Executors;
import io.penstock.launch.job.SmallRun;
import io.penstock.launch.job.TrainingJob;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskStart;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Models that are references to their files, with executors that are processes of their own. */
@Timeout(600)
@Tag("slow")
class LargeModelClusterTest {
  @TempDir Path directory;

  private static List<Row> answers(PipelineParallelClassificationModel model, Dataset<Row> rows) {
    return model.transform(rows).select("id", "prediction", "probability").collectAsList();
  }

  /** Returns how many tasks an act has started; a wait for executors is a job without any. */
  private static int tasks(SparkSession spark, Runnable act) throws Exception {
    // A task that stood for a wait may start when that is over, but before those of later jobs.
    spark.range(1).count();
    spark.sparkContext().listenerBus().waitUntilEmpty();
    AtomicInteger tasks = new AtomicInteger();
    SparkListener listener =
        new SparkListener() {
          @Override
          public void onTaskStart(SparkListenerTaskStart start) {
            tasks.incrementAndGet();
          }
        };
    spark.sparkContext().addSparkListener(listener);
    act.run();
    spark.sparkContext().listenerBus().waitUntilEmpty();
    spark.sparkContext().removeSparkListener(listener);
    return tasks.get();
  }

  private static void assertRefused(Dataset<Row> rows) {
    PreflightException refused =
        assertThrows(PreflightException.class, () -> SmallRun.run(rows, SmallRun.plan(2)));
    assertTrue(refused.getMessage().contains("spark.penstock.model.dir"), refused.getMessage());
    assertTrue(refused.getMessage().contains("no job was started"), refused.getMessage());
  }

  @Test
  void ranksAndScorersReadTheirLayersFromASharedDirectory() throws Exception {
    Map<Integer, float[]> learnt = new TreeMap<>();
    Map<Integer, float[]> further = new TreeMap<>();
    List<Row> answers;
    try (SparkSession spark =
        Executors.of(2, 1)
            .config("spark.ui.enabled", "false")
            .config("spark.penstock.model.memory", "16")
            .getOrCreate()) {
      Dataset<Row> small = SmallRun.rows(spark);
      // First, for it waits for the executors, which is a job of its own.
      assertEquals(
          1,
          TrainingJob.findings(
                  spark.sparkContext(), SmallRun.plan(2), GpuUse.AUTO, Optional.empty())
              .problems()
              .size());
      assertEquals(0, tasks(spark, () -> assertRefused(small)));

      spark.sparkContext().setCheckpointDir(directory.resolve("shared").toUri().toString());
      Dataset<Row> rows = Blobs.rows(spark);
      PipelineParallelClassifier classifier = Blobs.classifier().setNumStages(2);
      PipelineParallelClassificationModel model = classifier.fit(rows);
      NetworkWeights weights = model.fittedNetwork().scorer().weights();
      assertTrue(weights.directory().isPresent());
      learnt.putAll(weights.toMap());
      String saved = directory.resolve("model").toString();
      model.save(saved);
      PipelineParallelClassificationModel loaded = PipelineParallelClassificationModel.load(saved);
      answers = answers(model, rows);
      assertEquals(answers, answers(loaded, rows));
      further.putAll(
          classifier.setInitialModel(loaded).fit(rows).fittedNetwork().scorer().weights().toMap());
    }
    try (var left = Files.walk(directory.resolve("shared"))) {
      assertEquals(List.of(), left.filter(Files::isRegularFile).toList());
    }
    // In memory, in one process, it is the same.
    try (SparkSession spark =
        SparkSession.builder()
            .master("local[1]")
            .config("spark.ui.enabled", "false")
            .getOrCreate()) {
      Dataset<Row> rows = Blobs.rows(spark);
      PipelineParallelClassifier classifier = Blobs.classifier().setNumStages(1);
      PipelineParallelClassificationModel model = classifier.fit(rows);
      NetworkWeights weights = model.fittedNetwork().scorer().weights();
      assertTrue(weights.directory().isEmpty());
      learnt.forEach((layer, own) -> assertArrayEquals(own, weights.of(layer)));
      assertEquals(answers, answers(model, rows));
      NetworkWeights next =
          classifier.setInitialModel(model).fit(rows).fittedNetwork().scorer().weights();
      further.forEach((layer, own) -> assertArrayEquals(own, next.of(layer)));
    }
  }
}
