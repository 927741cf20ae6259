package io.penstock.conf;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.testing.SourceFiles;
import java.io.IOException;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class SettingsTest {
  private static SparkConf conf(String key, String value) {
    return new SparkConf(false).set(key, value);
  }

  static List<Setting<?>> all() {
    return Settings.all();
  }

  @Test
  void everyConstantIsAmongAll() {
    List<Object> constants =
        Arrays.stream(Settings.class.getFields())
            .filter(field -> Modifier.isStatic(field.getModifiers()))
            .filter(field -> field.getType() == Setting.class)
            .map(SettingsTest::valueOf)
            .toList();
    assertEquals(constants, Settings.all());
    assertEquals(all().size(), all().stream().map(Setting::key).distinct().count());
  }

  private static Object valueOf(java.lang.reflect.Field field) {
    try {
      return field.get(null);
    } catch (IllegalAccessException cause) {
      throw new AssertionError(cause);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "spark.penstock.preflight.wait, soon, 'a time, such as 60s or 2min'",
    "spark.penstock.backend, gpu, 'one of auto, cuda, nd4j-cuda, cpu'",
    "spark.penstock.compute.isa, sse, 'one of auto, avx2, avx512'",
    "spark.penstock.gpu.nvidiaSmi, '', a text that is not empty",
    "spark.penstock.feed.memory, much, 'a size, such as 512m or 2g'",
    "spark.penstock.link.networkOnly, yes, true or false",
    "spark.penstock.io.serverThreads, -1, a whole number of at least 0",
  })
  void whatIsNoValueIsRefusedWithWhatToWrite(String key, String value, String advice) {
    String told =
        assertThrows(IllegalArgumentException.class, () -> Settings.check(conf(key, value)), key)
            .getMessage();
    assertEquals(key + " is '" + value + "'; write " + advice + ".", told);
  }

  @ParameterizedTest
  @MethodSource("all")
  void aSettingThatIsNotSetIsRight(Setting<?> setting) {
    assertEquals(Optional.empty(), setting.given(new SparkConf(false)));
    assertDoesNotThrow(() -> Settings.check(new SparkConf(false)));
    assertTrue(setting.key().startsWith("spark.penstock."), setting.key());
    assertTrue(setting.meaning().endsWith("."), setting.meaning());
  }

  @Test
  void valuesAreReadByType() {
    assertEquals(60_000, Settings.PREFLIGHT_WAIT.in(new SparkConf(false)));
    assertEquals(2_000, Settings.PREFLIGHT_WAIT.in(conf("spark.penstock.preflight.wait", "2s")));
    assertEquals(
        Optional.of(512L << 20),
        Settings.FEED_MEMORY.given(conf("spark.penstock.feed.memory", " 512m ")));
    assertEquals("cpu", Settings.BACKEND.in(conf("spark.penstock.backend", "CPU")));
    assertTrue(Settings.NETWORK_ONLY.in(conf("spark.penstock.link.networkOnly", "True")));
  }

  @Test
  void whatOnlyShowsRunsIsRefusedWhereItIsRead() {
    SparkConf odd = conf("spark.penstock.ui.console", "bar");
    assertDoesNotThrow(() -> Settings.check(odd));
    String told =
        assertThrows(IllegalArgumentException.class, () -> Settings.CONSOLE.in(odd)).getMessage();
    assertEquals("spark.penstock.ui.console is 'bar'; write one of auto, line, log, off.", told);
  }

  @Test
  void allThatIsRefusedIsToldAtOnce() {
    SparkConf conf =
        conf("spark.penstock.backend", "gpu").set("spark.penstock.feed.memory", "lots");
    assertEquals(
        List.of(
            "spark.penstock.backend is 'gpu'; write one of auto, cuda, nd4j-cuda, cpu.",
            "spark.penstock.feed.memory is 'lots'; write a size, such as 512m or 2g."),
        Settings.refused(conf));
    assertEquals(List.of(), Settings.refused(new SparkConf(false)));
  }

  @Test
  void aKeyThatIsNoneIsToldWithTheOneThatWasMeant() {
    SparkConf conf =
        conf("spark.penstock.feed.memroy", "1g")
            .set("spark.penstock.io.mode", "EPOLL") // Spark's, for the links
            .set("spark.penstock.backend", "cpu")
            .set("spark.penstock.quite.another", "1");
    assertEquals(
        List.of(
            "spark.penstock.feed.memroy is no setting of Penstock's: nothing reads it. Did you mean"
                + " spark.penstock.feed.memory?",
            "spark.penstock.quite.another is no setting of Penstock's: nothing reads it."),
        Settings.unknown(conf));
  }

  @Test
  void theMemoryForRowsIsAQuarterOfTheHeapUnlessSet() {
    assertEquals(
        Runtime.getRuntime().maxMemory() / 4, Settings.FEED_MEMORY.in(new SparkConf(false)));
  }

  @Test
  void whatHangsOnTheProcessHasNoUsualValue() {
    assertThrows(IllegalStateException.class, () -> Settings.LINK_HOST.in(new SparkConf(false)));
  }

  /** One place names a setting; messages may repeat the name. */
  @Test
  void noSettingIsReadByItsNameElsewhere() {
    Path main =
        Path.of(System.getProperty("penstock.root"), "spark-plugin/src/main/java/io/penstock");
    List<Path> readers =
        SourceFiles.below(main, ".java").stream()
            .filter(file -> !file.startsWith(main.resolve("conf")))
            .filter(SettingsTest::holdsAKey)
            .map(main::relativize)
            .toList();
    assertEquals(List.of(), readers);
  }

  private static boolean holdsAKey(Path file) {
    try {
      // A key by itself; in a message it is followed by words.
      return Files.readString(file).matches("(?s).*\"spark\\.penstock\\.[A-Za-z.]+\".*");
    } catch (IOException cause) {
      throw new AssertionError(cause);
    }
  }
}
