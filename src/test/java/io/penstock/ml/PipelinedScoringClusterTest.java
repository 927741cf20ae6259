package io.penstock.ml;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.checkpoint.NetworkWeights;
import io.penstock.launch.cluster.PreflightException;
import io.penstock.launch.job.Executors;
import io.penstock.nn.Parameters;
import io.penstock.nn.layer.Activation;
import io.penstock.nn.loss.Losses;
import io.penstock.nn.network.Sequential;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.api.java.function.ForeachPartitionFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import scala.jdk.javaapi.CollectionConverters;

/** Networks in stages on executors that are processes of their own, which may be lost. */
@Timeout(600)
@Tag("slow")
class PipelinedScoringClusterTest {
  private static final String WAY = "spark.penstock.scoring.way";
  private static final String STAGES = "spark.penstock.scoring.stages";
  private static final int WIDE = 2200;

  @TempDir Path directory;

  private static PipelineParallelClassificationModel model(Sequential network) {
    List<Parameters> initial =
        IntStream.range(0, network.layers().size())
            .mapToObj(layer -> Parameters.initial(network.parameters(layer), 3, layer))
            .toList();
    NetworkWeights weights = NetworkWeights.inMemory(initial);
    initial.forEach(Parameters::close);
    return new PipelineParallelClassificationModel(
            "model", new FittedNetwork(new Scorer(network.toWire(), weights), List.of(), null))
        .setBlockSize(16);
  }

  /** A network that an executor of 64 MiB cannot hold, with the copies that kernels pack of it. */
  private static PipelineParallelClassificationModel wide() {
    return model(Sequential.perceptron(4, WIDE, WIDE, WIDE, 3));
  }

  private static Sequential fused(Path flag) {
    // 40 rows of a partition are two blocks of 16 rows and one of 8.
    return Sequential.input(4)
        .dense(8, Activation.TANH)
        .layer(Fuse.layer(8, flag, 8, true))
        .dense(3)
        .loss(Losses.softmaxCrossEntropy())
        .build();
  }

  private static List<Row> answers(Dataset<Row> scored) {
    return scored.select("id", "probability", "label").collectAsList();
  }

  private static void loseAnExecutor(SparkSession spark, Path flag) throws Exception {
    Files.createFile(flag);
    String file = flag.toString();
    spark
        .range(0, 2, 1, 2)
        .foreachPartition(
            (ForeachPartitionFunction<Long>)
                ids -> {
                  if (new java.io.File(file).delete()) {
                    Runtime.getRuntime().halt(137);
                  }
                });
    assertFalse(Files.exists(flag));
  }

  /** Waits until no executor has the model's weights in Spark's own memory; the driver has. */
  private static void awaitDropped(SparkSession spark, PipelineParallelClassificationModel model)
      throws InterruptedException {
    String blocks =
        "broadcast_" + model.fittedNetwork().scorer().sent(spark.sparkContext()).id() + "_";
    while (Arrays.stream(spark.sparkContext().env().blockManager().master().getStorageStatus())
        .filter(status -> !status.blockManagerId().isDriver())
        .flatMap(status -> CollectionConverters.asJava(status.blocks()).keySet().stream())
        .anyMatch(block -> block.name().startsWith(blocks))) {
      Thread.sleep(50); // the test's limit ends it
    }
  }

  @Test
  void executorsScoreANetworkThatNoneOfThemCanHoldAndGoOnWhenOneIsLost() throws Exception {
    Path flag = directory.resolve("flag");
    PipelineParallelClassificationModel wide = wide();
    PipelineParallelClassificationModel fused = model(fused(flag));
    List<Row> answersOfWide;
    List<Row> answersOfFused;
    try (SparkSession spark =
        Executors.of(2, 1)
            .config("spark.ui.enabled", "false")
            .config("spark.executor.memoryOverhead", "64m")
            .config("spark.penstock.preflight.wait", "30s")
            .config("spark.scheduler.barrier.maxConcurrentTasksCheck.interval", "1s")
            .getOrCreate()) {
      Dataset<Row> rows = Blobs.rows(spark);
      assertEquals(
          2, ScoringCut.of(rows, wide.describe(), wide.getBlockSize()).orElseThrow().stages());
      assertTrue(ScoringCut.of(rows, fused.describe(), 16).isEmpty());
      answersOfWide = answers(wide.transform(rows));
      awaitDropped(spark, wide);
      fused.transform(rows).count();
      awaitDropped(spark, fused);

      spark.conf().set(WAY, "pipeline");
      spark.conf().set(STAGES, "3");
      PreflightException refused =
          assertThrows(PreflightException.class, () -> fused.transform(rows).count());
      assertTrue(refused.getMessage().contains("3 stages need 3 executors"), refused::toString);

      // A rank's process ends in the middle of the rows.
      spark.conf().set(STAGES, "2");
      Files.createFile(flag);
      Dataset<Row> scored = fused.transform(rows);
      answersOfFused = answers(scored);
      assertFalse(Files.exists(flag));
      // Scores that Spark still had are lost with an executor, of both ranks or of one.
      loseAnExecutor(spark, flag);
      assertEquals(answersOfFused, answers(scored));
    }
    try (SparkSession spark =
        SparkSession.builder()
            .master("local[1]")
            .config("spark.ui.enabled", "false")
            .getOrCreate()) {
      Dataset<Row> rows = Blobs.rows(spark);
      assertEquals(answers(wide.transform(rows)), answersOfWide);
      assertEquals(answers(fused.transform(rows)), answersOfFused);
    }
  }
}
