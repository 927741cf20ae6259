package io.penstock.feed.rapids;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.nvidia.spark.rapids.ColumnarRdd;
import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import org.apache.spark.deploy.SparkSubmit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * On a CPU, what would run on a GPU: a job is submitted with the RAPIDS Accelerator beside
 * Penstock, in its mode that only explains, and its log is read. Looked at is every operator and
 * expression of every query up to the first epoch: the raw tables made and written, read, joined
 * and aggregated, the features measured and brought to scale, and the query that feeds them. Not
 * looked at is what comes after: scoring by a model and Spark ML's evaluation, which are no
 * queries.
 *
 * <p>Adaptive execution is off here, and here only: while it only explains, RAPIDS does not see
 * through it ("we cannot determine if the broadcast for this join is on the GPU too").
 */
@Timeout(240)
@Tag("slow")
class RapidsPlanTest {
  private static final String FIRST_EPOCH = "rows to train on";

  @TempDir static Path folder;

  private static Map<String, List<String>> logs;

  @BeforeAll
  static void submit() throws Exception {
    RapidsSettings rapids = RapidsSettings.here();
    Map<String, String> settings = rapids.all();
    settings.put("spark.rapids.sql.mode", "explainOnly");
    settings.put("spark.rapids.sql.explain", "ALL");
    settings.put("spark.sql.adaptive.enabled", "false");
    settings.put("spark.sql.shuffle.partitions", "2");
    settings.put("spark.ui.enabled", "false");
    settings.put("spark.sql.warehouse.dir", folder.resolve("warehouse").toUri().toString());

    List<String> command = new ArrayList<>();
    command.add(ProcessHandle.current().info().command().orElse("java"));
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(option -> option.startsWith("--add"))
        .forEach(command::add);
    command.add("-Xmx2g");
    command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")); // half the time
    command.add(
        "-Dlog4j2.configurationFile=" + rapids.root().resolve("conf/log4j2.properties").toUri());
    command.addAll(List.of("-cp", withoutRapids(rapids.jar())));
    command.addAll(List.of(SparkSubmit.class.getName(), "--master", "local[2]"));
    command.addAll(List.of("--jars", rapids.jar() + "," + ownJar()));
    settings.forEach((key, value) -> command.addAll(List.of("--conf", key + "=" + value)));
    command.addAll(List.of("--class", ExplainedQueries.class.getName(), "spark-internal"));
    command.add(folder.toUri().toString());
    logs = run(command);
  }

  /** RAPIDS loads only as one of a job's jars, and what is linked with it with it. */
  private static String withoutRapids(Path rapids) {
    return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
        .filter(entry -> !Path.of(entry).equals(rapids) && !Path.of(entry).equals(ownClasses()))
        .collect(Collectors.joining(File.pathSeparator));
  }

  private static Path ownClasses() {
    try {
      return Path.of(
          RapidsColumns.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  /** This module's jar, which the build makes after the tests. */
  private static Path ownJar() {
    Path jar = folder.resolve("penstock-rapids.jar");
    ToolProvider tool = ToolProvider.findFirst("jar").orElseThrow();
    int status =
        tool.run(System.out, System.err, "cf", jar.toString(), "-C", ownClasses().toString(), ".");
    assertEquals(0, status);
    return jar;
  }

  /** The log by the query that was named before it. */
  private static Map<String, List<String>> run(List<String> command) throws Exception {
    File log = folder.resolve("log").toFile();
    Process job =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log)
            .start();
    try {
      while (job.isAlive() && !hasTrained(log)) {
        Thread.sleep(300);
      }
      assertTrue(hasTrained(log), () -> end(log));
    } catch (InterruptedException limit) {
      throw new IllegalStateException("the job does not train: " + end(log), limit);
    } finally {
      job.destroyForcibly().waitFor(); // what comes after the first epoch is not looked at
    }
    Map<String, List<String>> logs = new LinkedHashMap<>();
    List<String> current = new ArrayList<>();
    for (String line : Files.readAllLines(log.toPath())) {
      if (line.startsWith(ExplainedQueries.MARK)) {
        current = new ArrayList<>();
        logs.put(line.substring(ExplainedQueries.MARK.length()), current);
      }
      current.add(line);
    }
    return logs;
  }

  private static boolean hasTrained(File log) throws IOException {
    return Files.readString(log.toPath()).contains(FIRST_EPOCH);
  }

  private static String end(File log) {
    try {
      List<String> lines = Files.readAllLines(log.toPath());
      return String.join("\n", lines.subList(Math.max(0, lines.size() - 50), lines.size()));
    } catch (IOException e) {
      return e.toString();
    }
  }

  /** The only query of a name, that of the feed. */
  private static RapidsPlan plan(String name) {
    List<RapidsPlan> plans = RapidsPlan.allIn(logs.get(name));
    assertEquals(1, plans.size(), name);
    return plans.get(0);
  }

  @Test
  void bothJarsTogetherGiveTheServiceOnTheDriverAndInTasks() {
    List<String> told = logs.get(ExplainedQueries.SERVICES);
    String found = RapidsColumns.class.getName() + " beside " + ColumnarRdd.class.getName();
    assertTrue(told.contains("driver: [" + found + "]"), told.toString());
    assertTrue(told.contains("task: [" + found + "]"), told.toString());
  }

  @Test
  void whatTheExampleDoesBeforeItTrainsRunsOnAGpu() {
    List<String> log = logs.get(ExplainedQueries.ETL);
    int trained = (int) log.stream().takeWhile(line -> !line.contains(FIRST_EPOCH)).count();
    assertTrue(trained < log.size(), "it did not train");
    List<RapidsPlan> plans = RapidsPlan.allIn(log.subList(0, trained));
    List<String> seen = plans.stream().flatMap(plan -> plan.onGpu().stream()).toList();
    for (String operator :
        List.of(
            "RangeExec",
            "FileSourceScanExec",
            "FilterExec",
            "ProjectExec",
            "BroadcastHashJoinExec",
            "HashAggregateExec",
            "ShuffleExchangeExec",
            "DataWritingCommandExec")) {
      assertTrue(seen.contains(operator), operator + " is not among " + seen);
    }
    assertEquals("", offGpu(plans));
  }

  @Test
  void whateverIsFedRunsOnAGpuToTheLastOperator() {
    for (String name :
        List.of(
            "columns",
            "array",
            "array-complete",
            "columns-complete-weighted",
            "sequences",
            "sequences-complete")) {
      RapidsPlan plan = plan(name);
      assertTrue(plan.onGpu().contains("FileSourceScanExec"), name + ": " + plan);
      assertEquals("", offGpu(List.of(plan)), name);
    }
  }

  @Test
  void aFunctionOfTheUsersIsFound() {
    assertTrue(offGpu(List.of(plan("off-udf"))).contains("<ScalaUDF>"));
  }

  @Test
  void aVectorIsFound() {
    String found = offGpu(List.of(plan("off-vector")));
    assertTrue(found.contains("VectorUDT"), found);
    assertFalse(plan("off-vector").onGpu().contains("ProjectExec"));
  }

  private static String offGpu(List<RapidsPlan> plans) {
    List<String> lines = plans.stream().flatMap(plan -> plan.offGpu().stream()).toList();
    return String.join("\n", lines);
  }
}
