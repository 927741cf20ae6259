package io.penstock.feed.rapids;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.launch.plugin.PenstockPlugin;
import java.io.InputStream;
import java.lang.reflect.Field;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.nd4j.common.config.ND4JEnvironmentVars;

/** What conf/rapids.conf sets is there to be set, in RAPIDS, in ND4J and in Penstock. */
class RapidsSettingsTest {
  /** RAPIDS's list of all settings, of its shim for Spark 4.0.1. */
  private static final String ALL_SETTINGS = "spark401/com/nvidia/spark/rapids/RapidsConf$.class";

  private static final String ENVIRONMENT = "spark.executorEnv.";

  private final RapidsSettings settings = RapidsSettings.here();

  @Test
  void everySettingOfRapidsIsOne() throws Exception {
    try (ZipFile jar = new ZipFile(settings.jar().toFile());
        InputStream in = jar.getInputStream(jar.getEntry(ALL_SETTINGS))) {
      String bytes = new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
      List<String> own =
          settings.all().keySet().stream().filter(key -> key.startsWith("spark.rapids.")).toList();
      assertTrue(own.size() >= 10, own.toString());
      for (String key : own) {
        assertTrue(bytes.contains(constant(key)), key);
      }
      assertFalse(bytes.contains(constant("spark.rapids.memory.gpu.allocFractio")));
      assertFalse(bytes.contains(constant("spark.rapids.memory.gpu.allocFractions")));
    }
  }

  /** A string as a class file holds it: a tag, its length, its letters. */
  private static String constant(String text) {
    return "\1" + (char) (text.length() >> 8) + (char) (text.length() & 0xff) + text;
  }

  @Test
  void everyLimitOfNd4jIsOne() throws Exception {
    Set<String> known = new HashSet<>();
    for (Field field : ND4JEnvironmentVars.class.getFields()) {
      known.add((String) field.get(null));
    }
    List<String> own =
        settings.all().keySet().stream().filter(key -> key.startsWith(ENVIRONMENT)).toList();
    assertFalse(own.isEmpty());
    for (String key : own) {
      assertTrue(known.contains(key.substring(ENVIRONMENT.length())), key);
    }
  }

  @Test
  void bothPluginsAreNamedRapidsFirst() throws Exception {
    assertEquals(
        "com.nvidia.spark.SQLPlugin," + PenstockPlugin.class.getName(),
        settings.all().get("spark.plugins"));
  }

  @Test
  void theSharesOfAGpuLeaveRoom() throws Exception {
    Map<String, String> all = settings.all();
    double least = number(all, "spark.rapids.memory.gpu.minAllocFraction");
    double share = number(all, "spark.rapids.memory.gpu.allocFraction");
    double most = number(all, "spark.rapids.memory.gpu.maxAllocFraction");
    assertTrue(least <= share && share <= most, all.toString());
    // The GPU of 16 GiB that the file speaks of.
    double taken =
        most * (16L << 30)
            + number(all, "spark.rapids.memory.gpu.reserve")
            + number(all, ENVIRONMENT + ND4JEnvironmentVars.SD_MAX_DEVICE_BYTES);
    assertTrue(taken <= 16L << 30, taken + " bytes");
  }

  private static double number(Map<String, String> settings, String key) {
    return Double.parseDouble(settings.get(key));
  }
}
