package io.penstock.ui;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.launch.job.TrainingResult;
import io.penstock.nn.network.Sequential;
import io.penstock.train.RankTimes;
import io.penstock.ui.tab.HeldRun;
import io.penstock.ui.tab.Watched;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What Prometheus reads of a run in threads, while it goes on and when it is over, with the
 * settings of {@code conf/}.
 */
@Timeout(120)
class MetricsPartTest {
  private static final Pattern OURS =
      Pattern.compile(
          "metrics_\\w+_driver_plugin_io_penstock_launch_plugin_PenstockPlugin_(\\w+)"
              + "\\{type=\"\\w+\"\\} (\\S+)");
  private static final int RANKS = 4;
  private static final double ROUNDING = 1e-6;

  @TempDir static Path directory;

  /** What is read while the run stands still after an epoch, and when it is over. */
  private static Map<String, Double> now;

  private static Map<String, Double> end;
  private static TrainingResult result;

  @BeforeAll
  static void run() throws Exception {
    Path settings = Path.of(System.getProperty("penstock.root"), "conf", "metrics.properties");
    try (SparkSession spark =
            Watched.builder(directory.resolve("log"))
                .config("spark.metrics.conf", settings.toString())
                .getOrCreate();
        HeldRun run = new HeldRun(spark, directory, "held")) {
      now = scrape(spark);
      result = run.finish(spark);
      end = scrape(spark);
    }
  }

  /** By name, without what Prometheus's page adds for gauges and counters. */
  private static Map<String, Double> scrape(SparkSession spark) throws Exception {
    String page = Watched.get(Watched.address(spark, "/metrics/prometheus")).body();
    Map<String, Double> values = new TreeMap<>();
    for (MatchResult line : OURS.matcher(page).results().toList()) {
      values.putIfAbsent(
          line.group(1).replaceFirst("_(Number|Value|Count)$", ""),
          Double.parseDouble(line.group(2)));
    }
    return values;
  }

  private static String of(int rank) {
    return "rank" + rank + "_";
  }

  @Test
  void everyRankTellsHowFarItIs() {
    int steps = (int) (double) now.get("rank0_steps") / HeldRun.HELD_AFTER;
    for (int rank = 0; rank < RANKS; rank++) {
      assertEquals(1, now.get(of(rank) + "running"));
      assertEquals(HeldRun.HELD_AFTER, now.get(of(rank) + "epochs"));
      assertEquals(HeldRun.HELD_AFTER * steps, now.get(of(rank) + "steps"));
      assertEquals(HeldRun.HELD_AFTER * steps, now.get(of(rank) + "stepTime"));
    }
  }

  @Test
  void everyRankTellsWhereItsTimeGoes() {
    for (int rank = 0; rank < RANKS; rank++) {
      double ofStage = now.get(of(rank) + "stage" + rank + "_busySeconds");
      assertTrue(ofStage > 0);
      assertTrue(now.get(of(rank) + "busySeconds") > ofStage);
      assertTrue(now.get(of(rank) + "stepTime_50thPercentile") > 0);
      assertTrue(now.get(of(rank) + "waitSeconds") > 0);
      assertTrue(now.get(of(rank) + "checkpointSeconds") > 0);
    }
  }

  @Test
  void everyRankTellsWhatItSendsAndHolds() {
    for (int rank = 0; rank < RANKS; rank++) {
      assertTrue(now.get(of(rank) + "bytesSent") > 0);
      // Weights, gradients and Adam's two moments of all ranks at the least.
      assertTrue(now.get(of(rank) + "nativeBytes") > 4 * Float.BYTES * parameters());
    }
  }

  @Test
  void theDriverTellsHowFarTheRunIs() {
    assertEquals(1, now.get("runs_started"));
    assertEquals(0, now.get("runs_succeeded"));
    assertEquals(HeldRun.HELD_AFTER, now.get("run_epochs"));
    assertTrue(now.get("run_secondsLeft") > 0);
    assertEquals(RANKS, now.get("ranksRunning"));
  }

  @Test
  void afterTheRunEveryRankHasToldAllOfIt() {
    for (int rank = 0; rank < RANKS; rank++) {
      String of = of(rank);
      assertEquals(0, end.get(of + "running"));
      assertEquals(result.stepLosses().length, end.get(of + "steps"));
      assertEquals(result.stepLosses().length, end.get(of + "stepTime"));
      assertEquals(sum(rank, RankTimes::busySeconds), end.get(of + "busySeconds"), ROUNDING);
      assertEquals(sum(rank, RankTimes::waitSeconds), end.get(of + "waitSeconds"), ROUNDING);
      assertEquals(sum(rank, RankTimes::moveSeconds), end.get(of + "moveSeconds"), ROUNDING);
      assertEquals(result.traffic().get(rank).bytesSent(), end.get(of + "bytesSent"));
      assertEquals(result.traffic().get(rank).bytesReceived(), end.get(of + "bytesReceived"));
      assertEquals(0, end.get(of + "framesInFlight"));
    }
  }

  @Test
  void afterTheRunTheDriverTellsWhatCameOfIt() {
    assertEquals(0, end.get("ranksRunning"));
    assertEquals(1, end.get("runs_succeeded"));
    assertEquals(HeldRun.EPOCHS, end.get("run_epochs"));
    assertEquals(1, end.get("run_share"));
    var last = result.epochs().get(HeldRun.EPOCHS - 1);
    assertEquals(last.loss(), end.get("run_loss"));
    assertEquals(last.validation().loss(), end.get("run_validationLoss"));
    assertEquals(result.rowsPerSecond(), end.get("run_rowsPerSecond"));
    assertEquals(result.bubble(), end.get("run_bubble"));
    assertEquals(0, end.get("run_secondsLeft"));
  }

  private static long parameters() {
    Sequential network = HeldRun.plan().network();
    return IntStream.range(0, network.layers().size()).mapToLong(network::parameterCount).sum();
  }

  private static double sum(int rank, ToDoubleFunction<RankTimes> of) {
    return result.epochs().stream()
        .mapToDouble(epoch -> of.applyAsDouble(epoch.ranks().get(rank)))
        .sum();
  }
}
