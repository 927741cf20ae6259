package io.penstock.ml;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.testing.LocalSpark;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.param.Params;
import org.apache.spark.ml.tuning.ParamGridBuilder;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(120)
@LocalSpark
class ChoiceParamTest {
  /** By param, a value that is not its default. */
  private static final Map<String, String> VALUES =
      Map.of(
          "handleInvalid", "skip",
          "requireGpu", "false",
          "schedule", "gpipe",
          "recompute", "exceptLast",
          "linkPrecision", "bfloat16",
          "computePrecision", "bfloat16",
          "updater", "nesterovs",
          "learningRateDecay", "cosine",
          "onBadNumbers", "skip",
          "loss", "absoluteError");

  @TempDir Path directory;

  @SuppressWarnings("unchecked")
  private static Param<Object> param(Params of, String name) {
    return (Param<Object>) of.getParam(name);
  }

  private static Object get(Params of, String name) {
    return of.getOrDefault(of.getParam(name));
  }

  @ParameterizedTest
  @EnumSource(Subject.class)
  void everyWayToSetANameTakesItInEitherCase(Subject subject) {
    Set<String> seen = new HashSet<>();
    Params probe = subject.estimator();
    for (Param<?> one : probe.params()) {
      if (!VALUES.containsKey(one.name())) {
        assertTrue(!(one instanceof ChoiceParam), () -> "no value for " + one.name());
        continue;
      }
      String name = one.name();
      String value = VALUES.get(name);
      seen.add(name);
      for (String said : List.of(value, value.toUpperCase(Locale.ROOT), shuffled(value))) {
        Params byParam = subject.estimator();
        byParam.set(param(byParam, name), said);
        Params byName = subject.estimator();
        byName.set(name, said);
        Params byPair = subject.estimator();
        byPair.set(param(byPair, name).w(said));
        Params source = subject.estimator();
        ParamMap map = new ParamMap().put(param(source, name), said);
        ParamMap grid = new ParamGridBuilder().baseOn(param(source, name).w(said)).build()[0];
        List<Params> all = List.of(byParam, byName, byPair, source.copy(map), source.copy(grid));
        for (Params set : all) {
          assertEquals(value, get(set, name), said);
        }
      }
    }
    assertTrue(seen.size() >= VALUES.size() - 1, seen.toString());
  }

  private static String shuffled(String value) {
    return value.substring(0, 1).toUpperCase(Locale.ROOT)
        + value.substring(1).toLowerCase(Locale.ROOT);
  }

  @Test
  void whatIsNoNameStaysAsItIsAndIsRefusedWhereItMustBeOne() {
    PipelineParallelClassifier estimator = Blobs.classifier();
    assertEquals("/Data/Mine.CSV", estimator.setSchedule("/Data/Mine.CSV").getSchedule());
    assertEquals("auto", estimator.setSchedule("Auto").getSchedule());
    assertTrue(estimator.isAutoSchedule());
    estimator.set("requireGpu", true); // as from Python
    assertEquals("true", estimator.getRequireGpu());
    String refused =
        assertThrows(IllegalArgumentException.class, () -> estimator.setHandleInvalid("DROP"))
            .getMessage();
    assertTrue(refused.contains("handleInvalid is 'DROP'; it must be one of error"), refused);
    refused =
        assertThrows(IllegalArgumentException.class, () -> estimator.setSchedule("gpype"))
            .getMessage();
    assertTrue(refused.startsWith("schedule is 'gpype'; it must be one of gpipe"), refused);
    assertFalse(refused.contains("forward"), "which no fit takes: " + refused);
    for (String blank : List.of("", " ")) {
      refused =
          assertThrows(IllegalArgumentException.class, () -> estimator.setUpdater(blank))
              .getMessage();
      assertTrue(refused.startsWith("updater is '" + blank + "'; it must be sgd"), refused);
    }
    for (Object wrong : Arrays.asList(7, null)) {
      refused =
          assertThrows(IllegalArgumentException.class, () -> estimator.set("handleInvalid", wrong))
              .getMessage();
      assertTrue(refused.contains("handleInvalid is " + wrong), refused);
    }
  }

  @Test
  void whatIsSavedHasOneForm(SparkSession spark) throws Exception {
    String path = directory.resolve("saved").toString();
    Blobs.classifier().setHandleInvalid("SKIP").setSchedule("GPipe").save(path);
    String metadata = spark.read().text(path + "/metadata").first().getString(0);
    assertTrue(metadata.contains("\"handleInvalid\":\"skip\""), metadata);
    assertTrue(metadata.contains("\"schedule\":\"gpipe\""), metadata);
    assertEquals("gpipe", PipelineParallelClassifier.load(path).getSchedule());
  }
}
