package io.penstock.launch.job;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.penstock.FakeTool;
import io.penstock.conf.Settings;
import io.penstock.device.InstructionSet;
import io.penstock.device.Processor;
import io.penstock.event.RankPlace;
import io.penstock.event.RanksReady;
import io.penstock.event.RunEvent;
import io.penstock.event.RunIncident;
import io.penstock.event.RunIncident.Kind;
import io.penstock.launch.cluster.DeviceDemand;
import io.penstock.launch.cluster.GpuUse;
import io.penstock.launch.cluster.PreflightException;
import io.penstock.launch.plugin.PenstockPlugin;
import io.penstock.nn.network.Sequential;
import io.penstock.nn.update.Updater;
import io.penstock.schedule.generate.Schedules;
import io.penstock.train.LayerTime;
import io.penstock.train.TrainingPlan;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerEvent;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Executors of which the first is forced by its environment to a lesser instruction set than the
 * machine has, as if it ran on an older processor.
 */
@Timeout(180)
@Tag("slow")
class UnlikeProcessorsTest {
  private static final Processor HERE = Processor.here();

  /** What the first executor's Java is started by. */
  @TempDir static Path javaHome;

  private final List<RunEvent> events = new CopyOnWriteArrayList<>();

  @BeforeAll
  static void force() throws Exception {
    assumeTrue(
        HERE.best() != InstructionSet.OTHER,
        "instruction sets are forced on x86-64 with AVX2 at least: " + HERE);
    boolean avx512 = HERE.best() == InstructionSet.AVX512;
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    FakeTool.in(
        Files.createDirectory(javaHome.resolve("bin")),
        "java",
        """
        unset ONEDNN_MAX_CPU_ISA DNNL_MAX_CPU_ISA OPENBLAS_CORETYPE
        case "$*" in *"--executor-id 0 "*)
          export ONEDNN_MAX_CPU_ISA=%s OPENBLAS_CORETYPE=%s;;
        esac
        exec "%s" "$@"
        """
            .formatted(avx512 ? "AVX2" : "SSE41", avx512 ? "Haswell" : "Nehalem", java));
  }

  private SparkSession session(String isa) {
    SparkSession spark =
        Executors.of(2, 1)
            .config("spark.plugins", PenstockPlugin.class.getName())
            .config("spark.executorEnv.JAVA_HOME", javaHome.toString())
            .config(Settings.INSTRUCTION_SET.key(), isa)
            .getOrCreate();
    spark
        .sparkContext()
        .addSparkListener(
            new SparkListener() {
              @Override
              public void onOtherEvent(SparkListenerEvent event) {
                if (event instanceof RunEvent told) {
                  events.add(told);
                }
              }
            });
    return spark;
  }

  /** Wide enough for kernels to differ in the order of their sums. */
  private static TrainingPlan plan(int stages) {
    return plan(stages, 3);
  }

  private static TrainingPlan plan(int stages, int epochs) {
    return new TrainingPlan(
        Sequential.perceptron(4, 257, 129, 3).toJson(),
        Updater.adam(0.01).toJson(),
        List.of(0, 2).subList(0, stages),
        TrainingPlan.lowerAndVerify(Schedules.generate("1f1b", stages, 4)),
        SmallRun.ROWS / SmallRun.STEPS,
        epochs,
        7);
  }

  private List<String> differences(SparkSession spark) throws Exception {
    spark.sparkContext().listenerBus().waitUntilEmpty();
    return events.stream()
        .filter(event -> event instanceof RunIncident told && told.kind() == Kind.UNLIKE_ARITHMETIC)
        .map(event -> ((RunIncident) event).text())
        .toList();
  }

  @Test
  void executorsThatDifferAreToldWhenTheyMeet() throws Exception {
    try (SparkSession spark = session("auto")) {
      TrainingResult two = SmallRun.run(SmallRun.rows(spark), plan(2));
      assertEquals(2, two.arithmetic().stream().distinct().count(), two::computesWith);
      assertTrue(two.computesWith().contains("of the environment"), two::computesWith);
      assertTrue(two.computesWith().contains("by the processor's class"), two::computesWith);
      List<String> told = differences(spark);
      assertEquals(1, told.size(), told::toString);
      assertTrue(told.get(0).contains("depend on where the network is cut"), told::toString);
      RanksReady ready =
          (RanksReady)
              events.stream().filter(RanksReady.class::isInstance).findFirst().orElseThrow();
      assertEquals(two.arithmetic(), ready.arithmetic());
      // What is to be trained on one of them alone differs from nothing.
      SmallRun.run(SmallRun.rows(spark), plan(1));
      assertEquals(told, differences(spark));
      String explained =
          TrainingJob.findings(spark.sparkContext(), plan(2), GpuUse.AUTO, Optional.empty())
              .arithmetic();
      for (String line : two.arithmetic()) {
        assertTrue(explained.contains(line), explained);
      }
    }
  }

  @Test
  void oneInstructionSetForAllMakesTheCutTellInNoBit() throws Exception {
    try (SparkSession spark = session("avx2")) {
      Dataset<Row> data = SmallRun.rows(spark);
      TrainingResult two = SmallRun.run(data, plan(2));
      assertEquals(List.of(), differences(spark));
      for (String line : two.arithmetic()) {
        assertTrue(line.matches(".*oneDNN \\S+ avx2, OpenBLAS \\S+ Haswell, .*"), line);
        assertTrue(line.contains("by spark.penstock.compute.isa=avx2"), line);
      }
      TrainingResult one = SmallRun.run(data, plan(1));
      assertArrayEquals(one.stepLosses(), two.stepLosses());
      assertEquals(Set.of(0, 2, 4), two.weights().layers());
      one.weights().toMap().forEach((layer, w) -> assertArrayEquals(w, two.weights().of(layer)));
    }
  }

  @Test
  void aRunThatGoesOnWithOtherKernelsSaysSo() throws Exception {
    Path directory = Files.createDirectory(javaHome.resolve("checkpoints"));
    Checkpoints wanted =
        new Checkpoints(
            directory.toUri().toString(), true, CheckpointRhythm.ofEpochs(1), 1, true, model -> {});
    try (SparkSession spark = session("avx2")) {
      CheckpointsTest.run(SmallRun.rows(spark), plan(2, 1), wanted);
      CheckpointsTest.run(SmallRun.rows(spark), plan(1, 2), wanted);
      assertEquals(List.of(), differences(spark));
    }
    try (SparkSession spark = session("auto")) {
      CheckpointsTest.run(SmallRun.rows(spark), plan(2, 3), wanted);
      List<String> told = differences(spark);
      assertEquals(1, told.size(), told::toString);
      assertTrue(told.get(0).contains("those of an undisturbed run: those had"), told::toString);
    }
  }

  @Test
  void anUnequalRackIsMeasuredByModelAndItsRanksGoWhereTheyAreCutFor() throws Exception {
    try (SparkSession spark = session("auto")) {
      MeasuredCosts costs =
          ProfileJob.run(
              spark.sparkContext(),
              plan(2).network(),
              Updater.adam(0.01),
              2,
              List.of(4, 16),
              DeviceDemand.of(GpuUse.AUTO));
      assertTrue(costs.isUneven());
      List<RankPlace> places = new ArrayList<>();
      for (MeasuredExecutor executor : costs.executors()) {
        // Each is the only one of its model, and so measures all layers.
        assertEquals(
            List.of(0, 0, 1, 1, 2, 2, 3, 3, 4, 4),
            executor.layers().stream().map(LayerTime::layer).toList());
        places.add(executor.place());
      }
      for (int turn = 0; turn < 2; turn++) {
        events.clear();
        Collections.reverse(places);
        SmallRun.run(SmallRun.rows(spark), plan(2), RunOptions.NONE.withPlaces(places));
        spark.sparkContext().listenerBus().waitUntilEmpty();
        RanksReady ready =
            (RanksReady)
                events.stream().filter(RanksReady.class::isInstance).findFirst().orElseThrow();
        assertEquals(
            places.stream().map(RankPlace::executor).toList(),
            ready.places().stream().map(RankPlace::executor).toList());
      }
    }
  }

  @Test
  void aPlaceThatIsGoneIsTakenElsewhere() throws Exception {
    try (SparkSession spark = session("auto")) {
      List<RankPlace> gone =
          List.of(
              new RankPlace(0, "77", "nowhere", 1, List.of()),
              new RankPlace(1, "78", "nowhere", 1, List.of()));
      TrainingResult two =
          SmallRun.run(SmallRun.rows(spark), plan(2), RunOptions.NONE.withPlaces(gone));
      assertEquals(2, two.arithmetic().size());
    }
  }

  @Test
  void anotherWordIsRefusedBeforeAnyJob() throws Exception {
    try (SparkSession spark =
        SparkSession.builder()
            .master("local[1]")
            .config(Settings.INSTRUCTION_SET.key(), "sse")
            .getOrCreate()) {
      String told =
          assertThrows(
                  PreflightException.class,
                  () -> SmallRun.run(SmallRun.rows(spark), SmallRun.plan(1)))
              .getMessage();
      assertTrue(told.contains("spark.penstock.compute.isa is 'sse'"), told);
      assertTrue(told.contains("write one of auto, avx2, avx512"), told);
    }
  }
}
