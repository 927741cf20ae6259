package io.penstock.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class LargeDataTest {
  @Test
  void aRunTellsWhatItTookAndWhatLayOnDisk() throws Exception {
    Map<String, String> result = run("--rows", "20000", "--source", "parquet", "--epochs", "2");
    assertEquals("20000", result.get("rows"));
    assertEquals("2", result.get("stages"));
    assertEquals(2, result.get("epoch_rows_per_s").split(",").length);
    assertTrue(number(result, "fit_s") >= number(result, "feed_s"), result.toString());
    // 20,000 rows of 400 bytes, of which 1 MiB is kept in memory.
    assertTrue(number(result, "spilled_mib") >= 6, result.toString());
  }

  @Test
  void asManyOfTheExecutorsOfferedAreTakenAsPay() throws Exception {
    Map<String, String> result = run("--rows", "2000", "--stages", "0", "--batch-size", "500");
    assertTrue(result.get("stages").matches("[12]"), result.toString());
    assertEquals("2", result.get("stages_offered"));
    assertTrue(number(result, "peak_rss_mib") > 0, result.toString());
  }

  @Test
  void anUnknownSourceIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> run("--source", "kafka"));
  }

  private static double number(Map<String, String> result, String key) {
    return Double.parseDouble(result.get(key));
  }

  private static Map<String, String> run(String... options) throws IOException {
    try (SparkSession spark =
        SparkSession.builder()
            .master("local[2]")
            .config("spark.ui.enabled", "false")
            .config("spark.penstock.feed.memory", "1m")
            .getOrCreate()) {
      String line = LargeData.run(spark, options).toString();
      return Arrays.stream(line.split(" "))
          .skip(1)
          .map(value -> value.split("=", 2))
          .collect(Collectors.toMap(value -> value[0], value -> value[1]));
    }
  }
}
