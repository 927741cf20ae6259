package io.penstock.ml;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.penstock.nn.loss.Losses;
import io.penstock.nn.network.Sequential;
import io.penstock.nn.update.RateDecay;
import io.penstock.nn.update.UpdateOptions;
import io.penstock.nn.update.Updater;
import org.junit.jupiter.api.Test;

class OptimizerParamsTest {
  private final PipelineParallelClassifier classifier =
      new PipelineParallelClassifier().setLayers(4, 3);

  private Sequential resolved() {
    return classifier.smoothed(classifier.resolveNetwork(Losses.softmaxCrossEntropy()));
  }

  @Test
  void leftOutTheyChangeNothing() {
    assertEquals(Updater.adam(0.001), classifier.resolveUpdater());
    assertEquals(Sequential.perceptron(4, 3), resolved());
  }

  @Test
  void theyBecomeTheOptionsOfTheUpdater() {
    classifier
        .setUpdater("sgd")
        .setLearningRate(0.5)
        .setClipNorm(1)
        .setClipValue(0.25)
        .setWeightDecay(0.01)
        .setWarmUpSteps(7)
        .setLearningRateDecay("cosine");
    UpdateOptions options = new UpdateOptions(1, 0.25, 0.01, 7, RateDecay.COSINE, 0);
    assertEquals(Updater.sgd(0.5).with(options), classifier.resolveUpdater());
  }

  @Test
  void optionsInTheUpdatersJsonHoldWhereNoParamIsSet() {
    UpdateOptions own = new UpdateOptions(1, 0.25, 0.01, 7, RateDecay.LINEAR, 90);
    classifier.setUpdater(Updater.adam(0.1).with(own).toJson());
    assertEquals(own, classifier.resolveUpdater().options());
    classifier.setClipNorm(0).setWeightDecay(0.5);
    assertEquals(own.withClipNorm(0).withWeightDecay(0.5), classifier.resolveUpdater().options());
  }

  @Test
  void labelSmoothingTakesThePlaceOfTheLosssOwn() {
    Sequential smooth =
        Sequential.input(4).dense(3).loss(Losses.softmaxCrossEntropy().smoothed(0.2)).build();
    classifier.setNetwork(smooth);
    assertEquals(smooth, resolved());
    classifier.setLabelSmoothing(0.1);
    assertEquals(Losses.softmaxCrossEntropy().smoothed(0.1), resolved().loss());
    classifier.setLabelSmoothing(0);
    assertEquals(Losses.softmaxCrossEntropy(), resolved().loss());
  }
}
