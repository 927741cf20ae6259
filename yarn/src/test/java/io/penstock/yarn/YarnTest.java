package io.penstock.yarn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.conf.Settings;
import io.penstock.event.FailureKind;
import io.penstock.event.RankPlace;
import io.penstock.event.RanksReady;
import io.penstock.launch.cluster.ExecutorMemory;
import io.penstock.launch.job.TrainingFailedException;
import io.penstock.launch.job.TrainingResult;
import io.penstock.ml.PipelineParallelClassifier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import org.apache.spark.SparkConf;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerEvent;
import org.apache.spark.scheduler.SparkListenerExecutorRemoved;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * Fits on a real YARN. No overhead is set, so a container has 384 MiB beside a heap of 512 MiB,
 * every page of which is touched from the start.
 */
@EnabledOnOs(OS.LINUX)
@Timeout(300)
@Tag("slow")
class YarnTest {
  private static final int[] SMALL = {4, 8, 6, 3};

  /** MiB of an executor's heap, and beside it. */
  private static final long HEAP = 512;

  private static final long BESIDE = 384;

  /** Parameters of the last dense layer, which is the last stage's. */
  private static final long LAST = 6 * 3 + 3;

  /**
   * Width of a layer whose weights, gradients, two moments and two packed copies are most of what
   * arrays may take: 24 bytes a weight.
   */
  private static final int FITS = widest(0.75);

  /** Width of one that fits with one packed copy only, in 20 bytes a weight. */
  private static final int FITS_LESS = widest(1.1);

  private static final int TOO_WIDE = widest(1.3);

  private static final BlockingQueue<RanksReady> READY = new LinkedBlockingQueue<>();
  private static final BlockingQueue<String> REMOVED = new LinkedBlockingQueue<>();
  private static final List<String> JOBS = new CopyOnWriteArrayList<>();
  private static YarnCluster yarn;
  private static SparkSession spark;
  private static Dataset<Row> data;

  @TempDir Path directory;

  @BeforeAll
  static void start() throws Exception {
    yarn = new YarnCluster();
    spark =
        yarn.session()
            .config(
                "spark.executor.extraJavaOptions", "-XX:+UseSerialGC -Xms512m -XX:+AlwaysPreTouch")
            .getOrCreate();
    spark
        .sparkContext()
        .addSparkListener(
            new SparkListener() {
              @Override
              public void onOtherEvent(SparkListenerEvent event) {
                if (event instanceof RanksReady ready) {
                  READY.add(ready);
                }
              }

              @Override
              public void onExecutorRemoved(SparkListenerExecutorRemoved removed) {
                REMOVED.add(removed.reason());
              }

              @Override
              public void onJobStart(SparkListenerJobStart job) {
                JOBS.add(job.stageInfos().last().name());
              }
            });
    data =
        spark
            .range(0, 90, 1, 3)
            .selectExpr("array(id / 90f, id % 3 / 3f, id % 7 / 7f, 1f) features", "id % 3 label")
            .cache();
  }

  @AfterAll
  static void stop() {
    if (spark != null) {
      spark.stop();
    }
    if (yarn != null) {
      yarn.close();
    }
  }

  @Test
  void aFitOnContainersIsThatOfOneStageBitForBit() {
    TrainingResult two = fit(classifier(2, SMALL).setUpdater("adam"));
    assertEquals(2, new HashSet<>(two.processes()).size());
    assertFalse(two.processes().contains(ProcessHandle.current().pid()));
    assertSame(fit(classifier(1, SMALL).setUpdater("adam")), two);
  }

  @Test
  void anExecutorThatYarnKillsIsNamedWhereNoSecondTryIsWanted() throws Exception {
    tries(1);
    CompletableFuture<TrainingResult> run = killed();
    TrainingFailedException failed =
        (TrainingFailedException) assertThrows(ExecutionException.class, run::get).getCause();
    assertEquals(FailureKind.EXECUTOR_LOST, failed.kind(), failed.getMessage());
    assertEquals(1, failed.rank().getAsInt());
    assertTrue(
        failed.getMessage().matches("(?s)Lost rank 1: executor \\d+ on \\S+ is gone: .*"),
        failed.getMessage());
  }

  @Test
  void aRunWhoseExecutorYarnKillsGoesOnAndLearnsTheSame() throws Exception {
    tries(4);
    TrainingResult undisturbed = fit(classifier(1, SMALL).setUpdater(halt("nowhere")));
    assertSame(undisturbed, killed().get());
  }

  @Test
  void aStageThatTheCheckLetsThroughIsWithinWhatYarnCounts() throws Exception {
    tries(1);
    spark.sparkContext().listenerBus().waitUntilEmpty();
    REMOVED.clear();
    for (int width : new int[] {FITS, FITS_LESS}) {
      TrainingResult result =
          fit(classifier(2, 4, width, width, 3).setUpdater("adam").setEpochs(20));
      assertEquals(List.of(), List.copyOf(REMOVED));
      assertWithinContainers(result);
    }
  }

  private static void assertWithinContainers(TrainingResult result) throws IOException {
    for (long process : Set.copyOf(result.processes())) {
      long peak = peakMebibytes(process);
      System.out.println(
          "An executor took "
              + peak
              + " MiB at most, "
              + (peak - HEAP)
              + " of them beside the heap");
      assertTrue(peak <= HEAP + BESIDE, peak + " MiB");
    }
  }

  /** The line {@code VmHWM: 123456 kB} of a process. */
  private static long peakMebibytes(long process) throws IOException {
    return Files.readAllLines(Path.of("/proc/" + process + "/status")).stream()
        .filter(line -> line.startsWith("VmHWM:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) >> 10)
        .findFirst()
        .orElseThrow();
  }

  private static int widest(double share) {
    long arrays = ExecutorMemory.of(new SparkConf(false).set("spark.master", "yarn")).arrays();
    return (int) Math.sqrt(share * arrays / 24);
  }

  @Test
  void aStageThatWouldOutgrowItsContainerIsRefusedBeforeAnyJob() throws Exception {
    spark.sparkContext().listenerBus().waitUntilEmpty();
    JOBS.clear();
    String refused =
        assertThrows(
                RuntimeException.class,
                () -> fit(classifier(2, 4, TOO_WIDE, TOO_WIDE, 3).setUpdater("adam")))
            .getMessage();
    spark.sparkContext().listenerBus().waitUntilEmpty();
    // A wait for an executor in place of a killed one is a job too, so that it can be cancelled.
    assertFalse(JOBS.stream().anyMatch(job -> job.contains("BarrierJob")), JOBS + ": " + refused);
    assertTrue(refused.contains("container has 384 MiB beside the heap"), refused);
    assertTrue(refused.contains("spark.executor.memoryOverhead is not set"), refused);
  }

  /** That the tests above stand for something: this NodeManager does kill. */
  @Test
  void yarnKillsAProcessThatTakesMoreThanItsContainerHas() throws Exception {
    new JavaSparkContext(spark.sparkContext())
        .parallelize(List.of(400L << 20), 1)
        .foreachAsync(
            bytes -> {
              if (TaskContext.get().attemptNumber() == 0) {
                Pointer.memset(Pointer.malloc(bytes), 1, bytes);
                Thread.sleep(Long.MAX_VALUE);
              }
            })
        .get();
    String reason = REMOVED.take();
    while (!reason.contains("physical memory")) { // what other tests have killed
      reason = REMOVED.take();
    }
  }

  private static PipelineParallelClassifier classifier(int stages, int... layers) {
    return new PipelineParallelClassifier()
        .setFeaturesCol("features")
        .setLabelCol("label")
        .setLayers(layers)
        .setNumStages(stages)
        .setNumMicroBatches(4)
        .setBatchSize(30)
        .setEpochs(4)
        .setSeed(7);
  }

  private static TrainingResult fit(PipelineParallelClassifier classifier) {
    return classifier.fit(data).summary().result();
  }

  private static void assertSame(TrainingResult one, TrainingResult other) {
    assertArrayEquals(one.stepLosses(), other.stepLosses());
    Map<Integer, float[]> found = other.weights().toMap();
    assertEquals(one.weights().toMap().keySet(), found.keySet());
    one.weights().toMap().forEach((layer, weights) -> assertArrayEquals(weights, found.get(layer)));
  }

  private Halt halt(String flag) {
    return new Halt(LAST, directory.resolve(flag));
  }

  /** Sets how often runs of this session may fail in a row; only here do settings change. */
  private static void tries(int most) {
    spark.sparkContext().conf().set(Settings.MAX_FAILURES.key(), Integer.toString(most));
  }

  /** Starts a run, and has YARN kill the container of its last stage while that is in a step. */
  private CompletableFuture<TrainingResult> killed() throws Exception {
    READY.clear();
    Path flag = Files.createFile(directory.resolve("flag"));
    CompletableFuture<TrainingResult> run =
        CompletableFuture.supplyAsync(() -> fit(classifier(2, SMALL).setUpdater(halt("flag"))));
    RankPlace last = READY.take().places().get(1);
    while (Files.exists(flag) && !run.isDone()) {
      Thread.sleep(20);
    }
    yarn.kill(container(last.pid()));
    return run;
  }

  /** Returns YARN's name of the container that a process runs in. */
  private static String container(long process) throws IOException {
    String variable = "CONTAINER_ID=";
    return Arrays.stream(Files.readString(Path.of("/proc/" + process + "/environ")).split("\0"))
        .filter(entry -> entry.startsWith(variable))
        .findFirst()
        .orElseThrow()
        .substring(variable.length());
  }
}
