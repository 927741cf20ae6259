package io.penstock.launch;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.launch.cluster.OtherVersions;
import java.lang.reflect.InvocationTargetException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SparkVersionTest {
  @Test
  void theOneHereWillDo() {
    SparkVersion.check();
  }

  @ParameterizedTest
  @CsvSource({
    "3.5.0,2.13.8",
    "3.5.6-amzn-1,2.13.8",
    "4.0.1,2.13.16",
    "4.1.0-preview1,2.13",
    "5.0.0,2.13.18"
  })
  void sparksFromThreePointFiveOnWillDo(String spark, String scala) {
    SparkVersion.check(spark, scala);
  }

  @ParameterizedTest
  @CsvSource({
    "3.4.4,2.13.8",
    "3.5.6,2.12.18",
    "2.4.8,2.11.12",
    "4.0.1,3.3.1",
    "3,2.13.8",
    "x.y,2.130.1"
  })
  void othersAreNamedWithWhatWouldDo(String spark, String scala) {
    String told =
        assertThrows(IllegalStateException.class, () -> SparkVersion.check(spark, scala))
            .getMessage();
    assertTrue(told.contains("this is Spark " + spark + " for Scala " + scala), told);
    assertTrue(told.contains("Spark 3.5, 4.0 and 4.1 for Scala 2.13"), told);
  }

  /** What a user touches first: nothing before it may need what the other version lacks. */
  @ParameterizedTest
  @CsvSource({"3.4.1,2.13.8", "3.5.6,2.12.18"})
  void whateverIsTouchedFirstSaysSo(String spark, String scala) throws Exception {
    try (OtherVersions other = new OtherVersions(spark, scala)) {
      for (String name :
          List.of(
              "launch.plugin.PenstockPlugin",
              "ml.PipelineParallelClassifier",
              "ml.PipelineParallelRegressor",
              "ml.PipelineParallelSequenceLearner")) {
        Class<?> type = other.loadClass("io.penstock." + name);
        assertTold(spark, scala, () -> type.getConstructor().newInstance());
      }
      for (String name :
          List.of(
              "PipelineParallelClassifier",
              "PipelineParallelSequenceLearner",
              "PipelineParallelClassificationModel",
              "PipelineParallelRegressionModel",
              "PipelineParallelSequenceModel")) {
        Class<?> type = other.loadClass("io.penstock.ml." + name);
        assertTold(
            spark, scala, () -> type.getMethod("load", String.class).invoke(null, "nowhere"));
      }
    }
  }

  private static void assertTold(String spark, String scala, Executable first) {
    Throwable thrown = assertThrows(InvocationTargetException.class, first).getTargetException();
    assertTrue(thrown instanceof IllegalStateException, thrown::toString);
    String told = "this is Spark " + spark + " for Scala " + scala;
    assertTrue(thrown.getMessage().contains(told), thrown::toString);
  }
}
