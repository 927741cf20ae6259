package io.penstock.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.examples.Result;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class BenchTest {
  @Test
  void everyConfigurationEndsInALineWithItsFigures() throws Exception {
    List<Map<String, String>> lines =
        measure("--work", "small", "--schedule", "zb-h1", "--micro-batches", "2", "--repeats", "1");
    assertEquals("gemm_on_one_core", lines.get(0).get("limit"));
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
        List.of("rows_per_s", "gflops", "step_ms", "F_ms", "I_ms", "W_ms", "peak_heap_mib")) {
      assertTrue(Double.parseDouble(two.get(positive)) > 0, positive + " of " + two);
    }
    // 64 rows of 32 numbers to the second stage, and as many gradients back.
    assertEquals(2 * 64 * 32 * Float.BYTES, Integer.parseInt(two.get("link_bytes_per_step")));
    assertEquals("0", lines.get(1).get("link_bytes_per_step"));
    assertEquals("threads", two.get("executors"));
    assertTrue(two.containsKey("efficiency") && two.containsKey("over_unpipelined"));
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
