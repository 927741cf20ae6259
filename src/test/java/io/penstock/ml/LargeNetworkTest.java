package io.penstock.ml;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.FreshProcess;
import io.penstock.launch.job.Executors;
import io.penstock.launch.job.StandaloneCluster;
import io.penstock.nn.layer.Activation;
import io.penstock.nn.loss.Losses;
import io.penstock.nn.network.NetworkBuilder;
import io.penstock.nn.network.Sequential;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.cpu.nativecpu.bindings.Nd4jCpu;

/**
 * A network whose weights and optimizer state are 8 units, on four executors of 3 units each, heap
 * and arrays together, with drivers of 1 unit.
 *
 * <p>A unit is so small that a JVM's own needs, which do not grow with the network, would not fit
 * into it: classes, compiled code, threads and libraries, {@link #JVM} at most. So what the units
 * bound is what grows: heaps by {@code -Xmx}, native arrays by the limit that Penstock sets ({@code
 * spark.executor.memoryOverhead}), of which both JavaCPP and ND4J refuse more. What an executor has
 * resident, all in all, is bounded by both and the JVM's share. Gradients of all layers and packed
 * weights would be two units more a process, so it has to let them go.
 */
@Timeout(1200)
@Tag("slow")
@EnabledOnOs(OS.LINUX)
class LargeNetworkTest {
  private static final long MIB = 1 << 20;
  private static final long UNIT = 128 * MIB;
  private static final long HEAP = 96 * MIB;
  private static final long ARRAYS = 3 * UNIT - HEAP;

  /** As much as a container has for it. */
  private static final long JVM = 352 * MIB;

  private static final int EXECUTORS = 4;
  private static final int WIDTH = 1024;

  /** Adam keeps two numbers beside each weight. */
  private static final int NUMBERS_OF_A_WEIGHT = 3;

  @TempDir Path directory;

  private static Sequential network() {
    long ofALayer = NUMBERS_OF_A_WEIGHT * Float.BYTES * (long) (WIDTH * WIDTH + WIDTH);
    NetworkBuilder builder = Sequential.input(4).dense(WIDTH, Activation.TANH);
    for (long bytes = 0; bytes < 8 * UNIT; bytes += ofALayer) {
      builder = builder.dense(WIDTH, Activation.TANH);
    }
    return builder.dense(3).loss(Losses.softmaxCrossEntropy()).build();
  }

  private static PipelineParallelClassifier classifier(int stages) {
    return new PipelineParallelClassifier()
        .setNetwork(network())
        .setNumStages(stages)
        .setNumMicroBatches(2)
        .setBatchSize(16)
        .setMaxIter(2)
        .setUpdater("adam")
        .setStepSize(1e-4);
  }

  private static Dataset<Row> rows(SparkSession spark) {
    return spark
        .range(0, 32, 1, 2)
        .selectExpr("id", "array(id / 32d, 1d, id % 3 / 3d, -id / 9d) features", "id % 3 label");
  }

  private static SparkSession.Builder onExecutors(String master) {
    return Executors.of(EXECUTORS, 1)
        .master(master)
        .config("spark.executor.cores", "1")
        .config("spark.cores.max", EXECUTORS)
        .config("spark.ui.enabled", "false")
        .config("spark.executor.memory", HEAP / MIB + "m")
        .config("spark.executor.memoryOverhead", ARRAYS / MIB + "m")
        // Or Spark refuses heaps so small.
        .config("spark.network.maxRemoteBlockSizeFetchToMem", "16m")
        .config("spark.testing.reservedMemory", 8 * MIB);
  }

  /** What executors say: process, JavaCPP's limit, ND4J's, the heap's, the most resident bytes. */
  private static Set<String> executors(SparkSession spark) {
    List<Integer> slots = new ArrayList<>();
    for (int slot = 0; slot < EXECUTORS; slot++) {
      slots.add(slot);
    }
    return new HashSet<>(
        JavaSparkContext.fromSparkContext(spark.sparkContext())
            .parallelize(slots, EXECUTORS)
            .map(
                slot -> {
                  Thread.sleep(200); // so that each has one
                  String resident =
                      Files.readAllLines(Path.of("/proc/self/status")).stream()
                          .filter(line -> line.startsWith("VmHWM:"))
                          .map(line -> line.replaceAll("[^0-9]", ""))
                          .findFirst()
                          .orElseThrow();
                  return ProcessHandle.current().pid()
                      + " "
                      + Pointer.maxBytes()
                      + " "
                      + Nd4jCpu.Environment.getInstance().getDeviceLimit(0)
                      + " "
                      + Runtime.getRuntime().maxMemory()
                      + " "
                      + (Long.parseLong(resident) << 10);
                })
            .collect());
  }

  /** A driver. */
  public static void main(String[] arguments) throws Exception {
    String saved = arguments[2];
    SparkSession.Builder builder =
        arguments[1].startsWith("local") ? SparkSession.builder() : onExecutors(arguments[1]);
    try (SparkSession spark =
        builder.master(arguments[1]).config("spark.ui.enabled", "false").getOrCreate()) {
      FreshProcess.tell("heap " + Runtime.getRuntime().maxMemory());
      switch (arguments[0]) {
        case "train" -> {
          IllegalArgumentException refused =
              assertThrows(IllegalArgumentException.class, () -> classifier(3).fit(rows(spark)));
          FreshProcess.tell("refused " + refused.getMessage());
          spark.sparkContext().setCheckpointDir(arguments[3]);
          PipelineParallelClassificationModel model = classifier(EXECUTORS).fit(rows(spark));
          FreshProcess.tell("computes " + model.summary().computesWith());
          FreshProcess.tell("losses " + Arrays.toString(losses(model)));
          FreshProcess.tell("plan " + model.summary().plan().lines().findFirst().orElseThrow());
          model.save(saved);
        }
        case "score" -> tellScores(spark, PipelineParallelClassificationModel.load(saved));
        default -> {
          PipelineParallelClassificationModel model = classifier(1).fit(rows(spark));
          FreshProcess.tell("computes " + model.summary().computesWith());
          FreshProcess.tell("losses " + Arrays.toString(losses(model)));
          tellScores(spark, model);
        }
      }
      if (!arguments[1].startsWith("local")) {
        executors(spark).forEach(one -> FreshProcess.tell("executor " + one));
      }
    }
  }

  private static double[] losses(PipelineParallelClassificationModel model) {
    return model.training().orElseThrow().stepLosses();
  }

  private static void tellScores(SparkSession spark, PipelineParallelClassificationModel model) {
    model.transform(rows(spark)).select("id", "probability").collectAsList().stream()
        .map(row -> "row " + row)
        .sorted()
        .forEach(FreshProcess::tell);
  }

  private List<String> driver(long heap, String what, String master) throws Exception {
    // Executors take over what the tests' environment says of kernels, so the whole must too.
    Map<String, String> environment = new HashMap<>(System.getenv());
    environment.put("JAVA_TOOL_OPTIONS", "-Xmx" + heap / MIB + "m");
    List<String> told =
        FreshProcess.run(
            LargeNetworkTest.class,
            environment,
            what,
            master,
            directory.resolve("model").toString(),
            directory.resolve("shared").toUri().toString());
    told.stream().filter(line -> !line.startsWith("row")).forEach(System.out::println);
    return told;
  }

  private static List<String> of(List<String> told, String what) {
    return told.stream().filter(line -> line.startsWith(what + " ")).toList();
  }

  private static void assertWithinLimits(List<String> told) {
    assertTrue(Long.parseLong(of(told, "heap").get(0).split(" ")[1]) <= UNIT);
    Set<String> processes = new HashSet<>();
    for (String executor : of(told, "executor")) {
      String[] words = executor.split(" ");
      processes.add(words[1]);
      assertEquals(ARRAYS, Long.parseLong(words[2]), "JavaCPP's limit");
      long ofNd4j = Long.parseLong(words[3]);
      assertTrue(0 < ofNd4j && ofNd4j <= ARRAYS, "ND4J's limit, less what JavaCPP has: " + ofNd4j);
      assertTrue(Long.parseLong(words[4]) <= HEAP, executor);
      assertTrue(Long.parseLong(words[5]) <= 3 * UNIT + JVM, executor);
    }
    assertEquals(EXECUTORS, processes.size());
  }

  @Test
  void aNetworkOfEightUnitsLivesOnFourExecutorsOfThreeWithADriverOfOne() throws Exception {
    List<String> trained;
    List<String> scored;
    try (StandaloneCluster cluster = new StandaloneCluster(directory, EXECUTORS)) {
      trained = driver(UNIT, "train", cluster.master());
      scored = driver(UNIT, "score", cluster.master());
    }
    assertWithinLimits(trained);
    assertWithinLimits(scored);
    String refused = of(trained, "refused").get(0);
    assertTrue(refused.contains("no cut of 175 layers into 3 stages"), refused);
    String plan = of(trained, "plan").get(0);
    assertTrue(plan.contains("1f1b, weight gradients last"), plan);
    assertTrue(plan.contains("weights packed at every use"), plan);
    List<String> whole = driver(24 * UNIT, "whole", "local[1]");
    assertEquals(of(whole, "losses"), of(trained, "losses"));
    assertEquals(32, of(whole, "row").size());
    assertEquals(of(whole, "row"), of(scored, "row"));
  }
}
