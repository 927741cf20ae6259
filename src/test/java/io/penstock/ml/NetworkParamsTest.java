package io.penstock.ml;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class NetworkParamsTest {
  private static final List<String> OWN =
      List.of(
          "featuresCols",
          "layers",
          "network",
          "numStages",
          "numMicroBatches",
          "batchSize",
          "maxIter",
          "updater",
          "stepSize",
          "clipNorm",
          "clipValue",
          "weightDecay",
          "warmUpSteps",
          "learningRateDecay",
          "labelSmoothing",
          "schedule",
          "seed",
          "blockSize",
          "handleInvalid");

  private final PipelineParallelClassifier classifier = new PipelineParallelClassifier();

  @Test
  void defaultsAreThoseThatTheGettersTell() {
    assertEquals(2, classifier.getNumStages());
    assertEquals(4, classifier.getNumMicroBatches());
    assertEquals(128, classifier.getBatchSize());
    assertEquals(10, classifier.getEpochs());
    assertEquals("adam", classifier.getUpdater());
    assertEquals(0.001, classifier.getLearningRate());
    assertEquals(0, classifier.getClipNorm());
    assertEquals(0, classifier.getClipValue());
    assertEquals(0, classifier.getWeightDecay());
    assertEquals(0, classifier.getWarmUpSteps());
    assertEquals("none", classifier.getLearningRateDecay());
    assertEquals(0, classifier.getLabelSmoothing());
    assertEquals("1f1b", classifier.getSchedule());
    assertEquals(42, classifier.getSeed());
    assertFalse(classifier.isDefined(classifier.layers()));
    assertFalse(classifier.isDefined(classifier.network()));
    assertFalse(classifier.isDefined(classifier.featuresCols()));
  }

  @Test
  void gettersGiveWhatSettersTook() {
    classifier
        .setFeaturesCols("x", "y")
        .setLayers(2, 5, 3)
        .setNumStages(3)
        .setNumMicroBatches(8)
        .setBatchSize(64)
        .setEpochs(7)
        .setUpdater("sgd")
        .setLearningRate(0.5)
        .setSchedule("gpipe")
        .setSeed(-1);
    assertArrayEquals(new String[] {"x", "y"}, classifier.getFeaturesCols());
    assertArrayEquals(new int[] {2, 5, 3}, classifier.getLayers());
    assertEquals(3, classifier.getNumStages());
    assertEquals(8, classifier.getNumMicroBatches());
    assertEquals(64, classifier.getBatchSize());
    assertEquals(7, classifier.getEpochs());
    assertEquals("sgd", classifier.getUpdater());
    assertEquals(0.5, classifier.getLearningRate());
    assertEquals("gpipe", classifier.getSchedule());
    assertEquals(-1, classifier.getSeed());
  }

  @Test
  void everyParamIsFoundByItsNameAndExplained() {
    List<String> names = Arrays.stream(classifier.params()).map(Param::name).toList();
    assertTrue(names.containsAll(OWN), names.toString());
    String explained = classifier.explainParams();
    for (Param<?> param : classifier.params()) {
      assertFalse(param.doc().isBlank(), param.name());
      assertTrue(explained.contains(param.name() + ": " + param.doc()), param.name());
      assertEquals(classifier.uid(), param.parent());
    }
    assertTrue(explained.contains("gpipe, 1f1b"));
  }

  @Test
  void aCopyHasTheSameUidAndParams() {
    classifier.setLayers(4, 3).setEpochs(3);
    PipelineParallelClassifier copy =
        classifier.copy(new ParamMap().put(classifier.batchSize(), 16));
    assertEquals(classifier.uid(), copy.uid());
    assertArrayEquals(new int[] {4, 3}, copy.getLayers());
    assertEquals(3, copy.getEpochs());
    assertEquals(16, copy.getBatchSize());
    assertEquals(128, classifier.getBatchSize());
    copy.setEpochs(5);
    assertEquals(3, classifier.getEpochs());
  }

  static List<Arguments> refused() {
    return List.of(
        bad("numStages is 0; it must be a whole number of at least 1", it -> it.setNumStages(0)),
        bad("numMicroBatches is 0; it must be", it -> it.setNumMicroBatches(0)),
        bad("batchSize is 0; it must be", it -> it.setBatchSize(0)),
        bad("maxIter is -1; it must be", it -> it.setEpochs(-1)),
        bad("stepSize is 0.0; it must be a finite number", it -> it.setLearningRate(0)),
        bad("stepSize is -0.1", it -> it.setLearningRate(-0.1)),
        bad("stepSize is NaN", it -> it.setLearningRate(Double.NaN)),
        bad("stepSize is Infinity", it -> it.setLearningRate(Double.POSITIVE_INFINITY)),
        bad("clipNorm is -1.0; it must be a finite number of at least 0", it -> it.setClipNorm(-1)),
        bad("clipNorm is Infinity", it -> it.setClipNorm(Double.POSITIVE_INFINITY)),
        bad("clipValue is NaN; it must be", it -> it.setClipValue(Double.NaN)),
        bad("weightDecay is -0.1; it must be", it -> it.setWeightDecay(-0.1)),
        bad("warmUpSteps is -1; it must be a whole number", it -> it.setWarmUpSteps(-1)),
        bad(
            "learningRateDecay is sine; it must be one of none, linear, cosine",
            it -> it.setLearningRateDecay("sine")),
        bad("labelSmoothing is 1.0; it must be at least 0 and below 1", it -> it.setLabelSmoothing(1)),
        bad("labelSmoothing is -0.1", it -> it.setLabelSmoothing(-0.1)),
        bad("labelSmoothing is NaN", it -> it.setLabelSmoothing(Double.NaN)),
        bad("schedule is zigzag; it must be one of gpipe, 1f1b", it -> it.setSchedule("zigzag")),
        bad("schedule is null; it must be one of", it -> it.setSchedule(null)),
        bad("handleInvalid is drop; it must be one of error, skip, keep", it -> it.setHandleInvalid("drop")),
        bad("handleInvalid is null", it -> it.setHandleInvalid(null)),
        bad("blockSize is 0; it must be a whole number of at least 1", it -> it.setBlockSize(0)),
        bad("layers is [4]; it must be at least two sizes", it -> it.setLayers(4)),
        bad("layers is []", it -> it.setLayers()),
        bad("layers is [4, 0, 3]", it -> it.setLayers(4, 0, 3)),
        bad("maxIter is 0", it -> it.copy(new ParamMap().put(it.maxIter(), 0))));
  }

  private static Arguments bad(String message, Consumer<PipelineParallelClassifier> set) {
    return Arguments.of(message, set);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("refused")
  void aValueIsRefusedWhenItIsSetAndTheMessageSaysWhatIsAllowed(
      String message, Consumer<PipelineParallelClassifier> set) {
    IllegalArgumentException thrown =
        assertThrows(IllegalArgumentException.class, () -> set.accept(classifier));
    assertTrue(thrown.getMessage().contains(message), thrown.getMessage());
  }
}
