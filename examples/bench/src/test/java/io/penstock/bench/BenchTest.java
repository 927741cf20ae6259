package io.penstock.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.examples.Result;
import io.penstock.nn.Initializer;
import io.penstock.nn.Shape;
import io.penstock.nn.layer.Custom;
import io.penstock.nn.loss.Losses;
import io.penstock.nn.network.Sequential;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(300)
@Tag("slow")
class BenchTest {
  /** Products of such matrices take some milliseconds. */
  private static final long SIDE = 512;

  @Test
  void everyConfigurationEndsInALineWithItsFigures() throws Exception {
    PrintStream before = System.err;
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    System.setErr(new PrintStream(said, true, StandardCharsets.UTF_8));
    List<Map<String, String>> lines;
    try {
      lines =
          measure(
              "--work", "small", "--schedule", "zb-h1", "--micro-batches", "2", "--repeats", "1");
    } finally {
      System.setErr(before);
    }
    // Its task is killed, of which Spark warns.
    assertEquals(
        1,
        said.toString(StandardCharsets.UTF_8)
            .lines()
            .filter(line -> line.startsWith("a first look at ") && line.contains("TaskKilled"))
            .count(),
        said::toString);
    assertEquals("gemm_2048", lines.get(0).get("limit"));
    assertTrue(lines.get(0).containsKey(lines.get(0).get("limit_by")), lines.get(0).toString());
    assertEquals("32x32x32", lines.get(0).get("micro_batch"));
    assertEquals(
        List.of("1 zb-h1 2", "2 zb-h1 2", "2 unpipelined 1"),
        lines.stream()
            .skip(1)
            .map(
                line ->
                    String.join(
                        " ", line.get("stages"), line.get("schedule"), line.get("micro_batches")))
            .toList());
    Map<String, String> two = lines.get(2);
    for (String positive :
        List.of(
            "rows_per_s",
            "gflops",
            "step_ms",
            "F_ms",
            "I_ms",
            "W_ms",
            "peak_heap_mib",
            "heap_bytes_per_step")) {
      assertTrue(Double.parseDouble(two.get(positive)) > 0, positive + " of " + two);
    }
    // 64 rows of 32 numbers to the second stage, and as many gradients back.
    assertEquals(2 * 64 * 32 * Float.BYTES, Integer.parseInt(two.get("link_bytes_per_step")));
    assertEquals("0", lines.get(1).get("link_bytes_per_step"));
    assertEquals("threads", two.get("executors"));
    assertTrue(two.containsKey("efficiency") && two.containsKey("over_unpipelined"));
    for (Map<String, String> line : lines) {
      assertTrue(line.get("computes_with").contains("OpenBLAS_"), line.toString());
    }
  }

  /** Costs the same whatever the number of rows, so that as many micro-batches take as often. */
  private static Work costlyMicroBatches() {
    Custom costly =
        Custom.of(
                Shape.of(16),
                (graph, input) ->
                    input.add(graph.getVariable("w").mmul(graph.getVariable("w")).mean()))
            .with("w", Initializer.zeros(), SIDE, SIDE);
    Sequential network =
        Sequential.input(16).layer(costly).dense(4).loss(Losses.softmaxCrossEntropy()).build();
    return new Work("small", network, 256, 64, "sgd", 0.01);
  }

  @Test
  void whatIsHopelesslySlowIsStoppedAndTheOthersRunOn() throws Exception {
    List<Map<String, String>> lines =
        Bench.measure(
                SparkSession.builder().master("local[1]"),
                costlyMicroBatches(),
                "--stages",
                "1",
                "--micro-batches",
                "64,1",
                "--repeats",
                "2",
                "--epochs",
                "6",
                "--give-up",
                "4")
            .stream()
            .map(BenchTest::values)
            .skip(1)
            .toList();
    assertEquals(
        List.of("64 too_slow", "1 null"),
        lines.stream().map(line -> line.get("micro_batches") + " " + line.get("stopped")).toList());
    Map<String, String> slow = lines.get(0);
    assertTrue(Double.parseDouble(slow.get("times_slower")) > 4, slow.toString());
    assertFalse(slow.containsKey("rows_per_s"), slow.toString());
    assertEquals("2", lines.get(1).get("repeats"));
  }

  @Test
  void sequencesAreTrainedOnWithEitherCut() throws Exception {
    List<Map<String, String>> lines =
        measure(
            "--work",
            "small-gpt",
            "--stages",
            "2",
            "--schedule",
            "1f1b",
            "--micro-batches",
            "2",
            "--repeats",
            "1",
            "--cut",
            "cost,count");
    assertEquals(
        List.of("cost", "count", "cost"),
        lines.stream().skip(1).map(line -> line.get("cut")).toList());
    assertThrows(
        IllegalArgumentException.class, () -> measure("--work", "small-gpt", "--peers", "mllib"));
  }

  @Test
  void aSingleEpochIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> measure("--epochs", "1"));
  }

  private static List<Map<String, String>> measure(String... arguments) throws Exception {
    return Bench.measure(SparkSession.builder().master("local[2]"), arguments).stream()
        .map(BenchTest::values)
        .toList();
  }

  private static Map<String, String> values(Result line) {
    return Arrays.stream(line.toString().split(" "))
        .skip(1)
        .map(value -> value.split("=", 2))
        .collect(Collectors.toMap(value -> value[0], value -> value[1]));
  }
}
