package io.penstock.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class LargeNetworkTest {
  @TempDir Path directory;

  @Test
  void aNetworkOfTheSizeAskedForIsTrainedSavedLoadedAndScored() throws Exception {
    try (SparkSession spark =
        SparkSession.builder()
            .master("local[2]")
            .config("spark.ui.enabled", "false")
            .config("spark.penstock.model.memory", "1m")
            .getOrCreate()) {
      String line =
          LargeNetwork.run(
                  spark,
                  "--state-mib=16",
                  "--width=256",
                  "--stages=2",
                  "--steps=2",
                  "--dir=" + directory)
              .toString();
      Map<String, String> result =
          Arrays.stream(line.split(" "))
              .skip(1)
              .map(value -> value.split("=", 2))
              .collect(Collectors.toMap(value -> value[0], value -> value[1]));
      double gibibytes = Double.parseDouble(result.get("weights_and_state_gib"));
      assertTrue(16 / 1024d <= gibibytes && gibibytes <= 18 / 1024d, line);
      assertEquals(gibibytes / 3, Double.parseDouble(result.get("weights_gib")), 1e-4);
      for (String phase : new String[] {"fit", "save", "load", "score"}) {
        assertTrue(Double.parseDouble(result.get(phase + "_s")) > 0, line);
        assertTrue(Long.parseLong(result.get(phase + "_driver_heap_mib")) > 0, line);
      }
    }
    try (var left = Files.list(directory)) {
      assertEquals(0, left.count());
    }
  }

  @Test
  void aWrongUpdaterIsRefused() {
    assertThrows(
        IllegalArgumentException.class, () -> LargeNetwork.run(null, "--updater", "adamw"));
  }
}
