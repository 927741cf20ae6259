package io.penstock.ml;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.junit.jupiter.api.Test;

/** Defaults, getters and copies; {@link BadParams} has the values that are refused. */
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
}
