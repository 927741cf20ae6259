package io.penstock.dl4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.nn.Loss;
import io.penstock.nn.loss.Losses;
import io.penstock.nn.network.Sequential;
import java.nio.file.Path;
import java.util.List;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

class LossMappingTest {
  private static final org.nd4j.linalg.activations.Activation SIGMOID =
      org.nd4j.linalg.activations.Activation.SIGMOID;
  private static final INDArray ROWS = Nd4j.rand(5, 4);

  @TempDir Path folder;

  @Test
  void everyLossOfBothComesAndGoes() throws Exception {
    for (Loss loss :
        List.of(
            Losses.softmaxCrossEntropy(),
            Losses.sigmoidCrossEntropy(),
            Losses.squaredError(),
            Losses.absoluteError())) {
      new RoundTrip(folder).goes(RoundTrip.trained(network(loss)), ROWS);
    }
  }

  @Test
  void scoresAreThoseOfDl4j() {
    INDArray labels =
        Nd4j.createFromArray(new float[][] {{1, 0, 0}, {0, 1, 1}, {1, 1, 0}, {0, 0, 1}, {0, 0, 0}});
    for (Loss loss :
        List.of(Losses.sigmoidCrossEntropy(), Losses.squaredError(), Losses.absoluteError())) {
      TrainedNetwork here = RoundTrip.trained(network(loss));
      double ours =
          loss.score(here.network().output(here.parameters(), ROWS), labels) / ROWS.size(0);
      // DL4J's binary cross-entropy is the sum over the three outputs.
      double factor = loss.equals(Losses.sigmoidCrossEntropy()) ? 3 : 1;
      double theirs = Dl4jNetworks.network(here).score(new DataSet(ROWS, labels)) / factor;
      assertEquals(theirs, ours, 1e-5, loss.name());
    }
  }

  @Test
  void sigmoidInALayerOfItsOwnBelongsToTheLoss() {
    MultiLayerNetwork net =
        RoundTrip.dl4j(
            InputType.feedForward(4),
            new DenseLayer.Builder().nOut(3).activation(SIGMOID).build(),
            new LossLayer.Builder(LossFunction.XENT).build());
    TrainedNetwork here = Dl4jNetworks.of(net);
    assertEquals(network(Losses.sigmoidCrossEntropy()), here.network());
    RoundTrip.close(net.output(ROWS), here.predict(ROWS));
  }

  @Test
  void lossThatDl4jDoesNotHaveIsRefusedAndMayBeChanged() throws Exception {
    for (Loss loss : List.of(Losses.huber(2), Losses.softmaxCrossEntropy().smoothed(0.1))) {
      TrainedNetwork here = RoundTrip.trained(network(loss));
      String why =
          assertThrows(UnsupportedLayerException.class, () -> Dl4jNetworks.network(here))
              .getMessage();
      assertTrue(why.contains(loss.name()) && why.contains("withLoss"), why);
    }
    TrainedNetwork smoothed =
        RoundTrip.trained(network(Losses.softmaxCrossEntropy().smoothed(0.1)));
    RoundTrip.close(
        smoothed.predict(ROWS),
        Dl4jNetworks.network(smoothed.withLoss(Losses.softmaxCrossEntropy())).output(ROWS));
  }

  @Test
  void lossThatPenstockDoesNotHaveIsRefused() {
    MultiLayerNetwork net =
        RoundTrip.dl4j(
            InputType.feedForward(4),
            new OutputLayer.Builder(LossFunction.HINGE)
                .name("end")
                .nOut(3)
                .activation(SIGMOID)
                .build());
    String why =
        assertThrows(UnsupportedLayerException.class, () -> Dl4jNetworks.of(net)).getMessage();
    assertTrue(why.contains("'end' (OutputLayer)"), why);
  }

  private static Sequential network(Loss loss) {
    return Sequential.input(4).dense(3).loss(loss).build();
  }
}
