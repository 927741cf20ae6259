package io.penstock.launch.cluster;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.compute.ComputePrecision;
import io.penstock.compute.cuda.StandIn;
import io.penstock.conf.Settings;
import io.penstock.feed.FeatureColumns;
import io.penstock.feed.LabelKind;
import io.penstock.launch.job.MeasuredCosts;
import io.penstock.launch.job.ProfileJob;
import io.penstock.launch.job.RunOptions;
import io.penstock.launch.job.SmallRun;
import io.penstock.launch.job.TrainingJob;
import io.penstock.launch.job.TrainingResult;
import io.penstock.launch.job.TrainingTask;
import io.penstock.nn.network.Sequential;
import io.penstock.nn.update.Updater;
import io.penstock.train.TrainingPlan;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.Property;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.nd4j.linalg.learning.config.AdaGrad;

/** The check before a run in local mode, on GPUs that a stand-in of CUDA's driver shows. */
@Timeout(120)
class DriverGpuTest {
  private static final String FIRST = "GPU-7374616e-642d-696e-0000-000000000000";
  private static final String SECOND = "GPU-7374616e-642d-696e-0000-000000000001";
  private static final long MIB = 1 << 20;

  private static SparkSession spark;

  private StandIn driver;

  @BeforeAll
  static void start() {
    spark =
        SparkSession.builder()
            .master("local[2]")
            .config(Settings.BACKEND.key(), "cuda")
            .getOrCreate();
  }

  @AfterAll
  static void stop() {
    spark.stop();
  }

  @BeforeEach
  void begin() {
    driver = StandIn.fresh();
  }

  @AfterEach
  void end() {
    if (driver != null) {
      driver.reset();
    }
  }

  private static Findings findings(TrainingPlan plan, GpuUse gpus) {
    return TrainingJob.findings(spark.sparkContext(), plan, gpus, Optional.empty());
  }

  private static void says(String text, String... parts) {
    for (String part : parts) {
      assertTrue(text.contains(part), () -> "no \"" + part + "\" in: " + text);
    }
  }

  @Test
  void stagesTakeTheGpusThatTheDriverShowsInTurn() {
    driver.order("devices", 2);
    long contexts = driver.count("contexts");
    Findings two = findings(SmallRun.plan(2), GpuUse.REQUIRED);
    assertEquals("", String.join("\n", two.problems()));
    says(two.devices(), "on GPUs: " + FIRST + " of ", SECOND + " of ", "(Stand-in)");
    says(two.arithmetic(), "Stand-in of compute capability 9.0 through CUDA's driver");
    assertEquals(contexts, driver.count("contexts"), "whoever looks leaves nothing open");
  }

  @Test
  void stagesTrainOnTheGpuAndLeaveNothingThere() {
    Dataset<Row> data = SmallRun.rows(spark);
    TrainingResult processor = run(data, SmallRun.plan(2), GpuUse.NEVER);
    long live = driver.count("live");
    long contexts = driver.count("contexts");
    driver.order("devices", 2);
    TrainingResult two = run(data, SmallRun.plan(2), GpuUse.REQUIRED);
    assertTrue(driver.count("launches") > 0, "kernels of the GPU");
    assertArrayEquals(processor.stepLosses(), two.stepLosses(), 1e-5);
    assertArrayEquals(run(data, SmallRun.plan(1), GpuUse.AUTO).stepLosses(), two.stepLosses());
    assertEquals(live, driver.count("live"), "allocations");
    assertEquals(contexts, driver.count("contexts"));
  }

  /** Keeps what ranks say in the log. */
  private static final class Heard extends AbstractAppender implements AutoCloseable {
    private static final String NAME = "heard";

    private final List<String> lines = new CopyOnWriteArrayList<>();
    private final LoggerContext context = (LoggerContext) LogManager.getContext(false);

    Heard() {
      super(NAME, null, null, true, Property.EMPTY_ARRAY);
      start();
      context.getConfiguration().getRootLogger().addAppender(this, Level.WARN, null);
      context.updateLoggers();
    }

    @Override
    public void append(LogEvent event) {
      if (event.getLoggerName().equals(TrainingTask.class.getName())) {
        lines.add(event.getLevel() + " " + event.getMessage().getFormattedMessage());
      }
    }

    @Override
    public void close() {
      context.getConfiguration().getRootLogger().removeAppender(NAME);
      context.updateLoggers();
      stop();
    }
  }

  @Test
  void whatTheHostDoesForAGpuIsNamedOnceARank() {
    Dataset<Row> data = SmallRun.rows(spark);
    try (Heard heard = new Heard()) {
      run(data, SmallRun.plan(2, 2, Updater.of(new AdaGrad(0.01))), GpuUse.NEVER);
      run(data, SmallRun.plan(2), GpuUse.AUTO);
      assertEquals(List.of(), heard.lines);
      run(data, SmallRun.plan(2, 2, Updater.of(new AdaGrad(0.01))), GpuUse.AUTO);
      assertEquals(2, heard.lines.size(), heard.lines::toString);
      for (String line : heard.lines) {
        says(line, "WARN Rank ", "computed on the host, not on ", "the optimizer AdaGrad(");
      }
    }
  }

  private static TrainingResult run(Dataset<Row> data, TrainingPlan plan, GpuUse gpus) {
    return TrainingJob.run(
        data,
        FeatureColumns.of(data, SmallRun.FEATURES, "label"),
        LabelKind.classId(3),
        plan,
        RunOptions.NONE.withGpus(gpus));
  }

  @Test
  void layersAreMeasuredOnTheGpuToo() {
    long contexts = driver.count("contexts");
    MeasuredCosts costs =
        ProfileJob.run(
            spark.sparkContext(),
            Sequential.perceptron(4, 3),
            Updater.sgd(0.1),
            1,
            List.of(4, 8),
            DeviceDemand.of(GpuUse.REQUIRED));
    assertTrue(driver.count("launches") > 0, "kernels of the GPU");
    String model = costs.executors().get(0).model();
    says(model, "Stand-in of compute capability 9.0 through CUDA's driver");
    assertEquals(contexts, driver.count("contexts"));
  }

  @Test
  void oneGpuIsSharedWhereNoneIsRequired() {
    Findings shared = findings(SmallRun.plan(2), GpuUse.AUTO);
    assertEquals("", String.join("\n", shared.problems()));
    says(shared.devices(), "on GPUs: " + FIRST);
    says(
        String.join("\n", findings(SmallRun.plan(2), GpuUse.REQUIRED).problems()),
        "2 stages need 2 GPUs, one each; 1 can be used");
  }

  @Test
  void stagesThatShareAGpuMustFitTogether() {
    long needed = NativeMemory.needed(SmallRun.plan(2));
    driver.order("memory", 512 * MIB + 2 * needed);
    says(findings(SmallRun.plan(2), GpuUse.AUTO).devices(), "on GPUs: ");
    driver.order("memory", 512 * MIB + 2 * needed - 1);
    says(
        findings(SmallRun.plan(2), GpuUse.AUTO).devices(),
        "on the CPU: ",
        "2 stages are to share the GPU",
        "an assumed 512 MiB");
  }

  @Test
  void aGpuThatIsTooOldIsToldNotTaken() {
    driver.order("capability", 61);
    says(
        findings(SmallRun.plan(1), GpuUse.AUTO).devices(),
        "on the CPU: ",
        "compute capability is 6.1",
        "7.5 (Turing) and newer");
    says(
        String.join("\n", findings(SmallRun.plan(1), GpuUse.REQUIRED).problems()),
        "1 stage needs 1 GPU, one each; 0 can be used",
        "compute capability is 6.1");
  }

  @Test
  void aDriverWithoutAGpuIsQuoted() {
    driver.order("devices", 0);
    says(findings(SmallRun.plan(1), GpuUse.AUTO).devices(), "on the CPU: ", "CUDA_ERROR_NO_DEVICE");
    says(
        String.join("\n", findings(SmallRun.plan(1), GpuUse.REQUIRED).problems()),
        "0 can be used",
        "CUDA_ERROR_NO_DEVICE");
  }

  @Test
  void roundedProductsAreComputedOnGpusThatRound() {
    TrainingPlan tf32 = SmallRun.plan(2).withComputePrecision(ComputePrecision.TF32);
    Findings found = StandIn.withCublas(() -> findings(tf32, GpuUse.AUTO));
    assertEquals("", String.join("\n", found.problems()));
    says(found.devices(), "on GPUs: " + FIRST);
    says(found.arithmetic(), "through CUDA's driver, cuBLASLt ", " in tf32");
    says(findings(tf32, GpuUse.AUTO).arithmetic(), "products of Penstock's");
  }

  @Test
  void roundedProductsAreRefusedOnGpusThatDoNotRound() {
    driver.order("capability", 75);
    TrainingPlan tf32 = SmallRun.plan(1).withComputePrecision(ComputePrecision.TF32);
    says(
        String.join("\n", findings(tf32, GpuUse.AUTO).problems()),
        "computePrecision is tf32, which needs a GPU for every stage",
        "does not multiply in tf32",
        "compute capability 8.0 (Ampere) or newer");
    driver.order("devices", 0);
    says(
        String.join("\n", findings(tf32, GpuUse.AUTO).problems()),
        "computePrecision is tf32",
        "CUDA_ERROR_NO_DEVICE");
  }

  @Test
  void aRunThatWantsNoGpuAsksNoDriver() {
    assertEquals(
        "on the CPU: requireGpu is false", findings(SmallRun.plan(1), GpuUse.NEVER).devices());
  }
}
