package io.penstock.ml;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.Param;
import org.junit.jupiter.api.Test;

class ParamRegistryTest {
  private final PipelineParallelClassifier classifier = new PipelineParallelClassifier("c");
  private final PipelineParallelSequenceLearner learner = new PipelineParallelSequenceLearner("s");

  @Test
  void aParamIsMadeOnceAndKnowsItsOwner() {
    for (Param<?> param : classifier.params()) {
      assertSame(param, classifier.getParam(param.name()));
      assertEquals("c", param.parent());
    }
    assertSame(classifier.stepSize(), classifier.stepSize());
    assertEquals("s", learner.stepSize().parent());
  }

  @Test
  void defaultsAreSetOnceTheOwnerIsMade() {
    assertEquals(0.001, classifier.getStepSize());
    assertTrue(classifier.hasDefault(classifier.stepSize()));
    assertFalse(classifier.isSet(classifier.stepSize()));
    assertFalse(classifier.hasDefault(classifier.stageStarts()));
  }

  @Test
  void aGroupMayGiveItsOwnDefault() {
    assertEquals(256, classifier.getBlockSize());
    assertEquals(16, learner.getBlockSize());
    assertEquals(classifier.blockSize().doc(), learner.blockSize().doc());
  }

  @Test
  void aParamThatMLlibDidNotFindIsRefused() {
    String message =
        assertThrows(
                IllegalStateException.class,
                () ->
                    classifier
                        .paramRegistry()
                        .param("hidden", name -> new IntParam(classifier, name, "doc")))
            .getMessage();
    assertTrue(message.contains("hidden") && message.contains("public"), message);
  }
}
