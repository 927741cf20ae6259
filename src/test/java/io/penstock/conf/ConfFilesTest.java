package io.penstock.conf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.conf.ConfFile.Entry;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.util.Utils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import scala.jdk.javaapi.CollectionConverters;

/** The files under conf/, read as Spark reads them. */
class ConfFilesTest {
  private static final KnownSettings KNOWN = new KnownSettings();

  static Stream<ConfFile> files() throws IOException {
    return ConfFile.all();
  }

  private static Map<String, String> on(ConfFile file) {
    return file.entries().stream()
        .filter(entry -> !entry.off())
        .collect(Collectors.toMap(Entry::key, Entry::value, (a, b) -> a, TreeMap::new));
  }

  @Test
  void thereIsOneForEachWayToRun() throws IOException {
    List<String> names = ConfFile.all().map(ConfFile::toString).toList();
    for (String way : List.of("local", "local-cluster", "standalone", "yarn", "kubernetes")) {
      assertTrue(names.contains(way + ".conf"), way + " in " + names);
    }
  }

  @ParameterizedTest
  @MethodSource("files")
  void sparkReadsWhatAReaderReads(ConfFile file) {
    Map<String, String> read =
        CollectionConverters.asJava(Utils.getPropertiesFromFile(file.path().toString()));
    assertEquals(on(file), new TreeMap<>(read));
  }

  @ParameterizedTest
  @MethodSource("files")
  void everySettingIsKnownAndTakesItsValueAlsoWhereItIsOnlyOffered(ConfFile file) {
    List<String> complaints =
        file.entries().stream()
            .map(entry -> KNOWN.complaint(entry.key(), entry.value()))
            .flatMap(Optional::stream)
            .toList();
    assertEquals(List.of(), complaints);
  }

  @ParameterizedTest
  @MethodSource("files")
  void everySettingHasItsReasonBesideItAndStandsOnce(ConfFile file) {
    assertFalse(file.entries().isEmpty());
    for (Entry entry : file.entries()) {
      assertTrue(entry.explained(), entry.key() + " has no comment above it");
    }
    List<String> keys = file.entries().stream().map(Entry::key).toList();
    assertEquals(keys.stream().distinct().toList(), keys);
  }

  @ParameterizedTest
  @MethodSource("files")
  void everyWayToRunHasThePluginAndNoDynamicAllocation(ConfFile file) {
    Map<String, String> settings = on(file);
    if (settings.containsKey("spark.plugins")) {
      assertTrue(
          settings.get("spark.plugins").contains("io.penstock.launch.plugin.PenstockPlugin"));
    }
    assertFalse(Boolean.parseBoolean(settings.get("spark.dynamicAllocation.enabled")));
  }

  @ParameterizedTest
  @MethodSource("files")
  void threadsOfAStageAreTheCoresOfItsExecutor(ConfFile file) {
    Map<String, String> settings = on(file);
    String cores = settings.get("spark.executor.cores");
    if (cores != null) {
      assertEquals(cores, settings.get("spark.executorEnv.OMP_NUM_THREADS"));
      assertEquals(cores, settings.get("spark.executorEnv.OPENBLAS_NUM_THREADS"));
      // With a GPU the stages ask for all cores by a profile of their own.
      boolean own = settings.containsKey("spark.executor.resource.gpu.amount");
      assertTrue(own || cores.equals(settings.get("spark.task.cpus")));
    }
  }

  @Test
  void aSettingOfNobodyOrAValueOfAnotherKindIsFound() {
    assertTrue(KNOWN.complaint("spark.executor.memoryOverhed", "1g").isPresent());
    assertTrue(KNOWN.complaint("spark.executor.memoryOverhead", "plenty").isPresent());
    assertTrue(KNOWN.complaint("spark.penstock.feed.memroy", "1g").isPresent());
    assertEquals(Optional.empty(), KNOWN.complaint("spark.yarn.maxAppAttempts", "1"));
    assertEquals(Optional.empty(), KNOWN.complaint("spark.penstock.feed.memory", "1g"));
  }
}
