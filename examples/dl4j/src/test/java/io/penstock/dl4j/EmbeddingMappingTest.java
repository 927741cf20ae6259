package io.penstock.dl4j;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.nn.Shape;
import io.penstock.nn.layer.Activation;
import io.penstock.nn.loss.Losses;
import io.penstock.nn.network.Sequential;
import java.nio.file.Path;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.EmbeddingLayer;
import org.deeplearning4j.nn.conf.layers.EmbeddingSequenceLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.recurrent.LastTimeStep;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

class EmbeddingMappingTest {
  private static final INDArray IDS =
      Nd4j.createFromArray(new float[][] {{0, 8, 3, 3}, {7, 1, 0, 2}, {5, 5, 5, 4}});

  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource(RNNFormat.class)
  void sequencesOfIdsComeAndGo(RNNFormat format) throws Exception {
    MultiLayerNetwork before =
        RoundTrip.dl4j(
            InputType.feedForward(4),
            new EmbeddingSequenceLayer.Builder()
                .nIn(9)
                .nOut(5)
                .inputLength(4)
                .outputDataFormat(format)
                .build(),
            new LastTimeStep(
                new LSTM.Builder()
                    .nOut(6)
                    .dataFormat(format)
                    .activation(org.nd4j.linalg.activations.Activation.TANH)
                    .build()),
            new OutputLayer.Builder(LossFunction.MCXENT).nOut(3).build());
    new RoundTrip(folder).comesAndGoes(before, null, IDS, IDS);
  }

  @Test
  void oneIdARowIsRead() {
    MultiLayerNetwork net =
        RoundTrip.dl4j(
            InputType.feedForward(9),
            new EmbeddingLayer.Builder()
                .nIn(9)
                .nOut(5)
                .activation(org.nd4j.linalg.activations.Activation.TANH)
                .build(),
            new OutputLayer.Builder(LossFunction.MCXENT).nOut(3).build());
    INDArray ids = Nd4j.createFromArray(new float[][] {{8}, {0}, {3}});
    RoundTrip.close(net.output(ids), Dl4jNetworks.of(net).predict(ids));
  }

  @Test
  void networkOfPenstockIsWritten() throws Exception {
    for (Sequential network :
        new Sequential[] {
          Sequential.input(4)
              .embedding(9, 5)
              .dropout(0.2)
              .lstm(3)
              .dense(4)
              .loss(Losses.softmaxCrossEntropy())
              .build(),
          Sequential.input(4)
              .embedding(9, 5)
              .flatten()
              .dense(4, Activation.RELU)
              .dense(1)
              .loss(Losses.sigmoidCrossEntropy())
              .build()
        }) {
      new RoundTrip(folder).goes(RoundTrip.trained(network), IDS);
    }
  }

  @Test
  void biasIsRefused() {
    MultiLayerNetwork net =
        RoundTrip.dl4j(
            InputType.feedForward(4),
            new EmbeddingSequenceLayer.Builder().name("ids").nIn(9).nOut(5).hasBias(true).build(),
            new LastTimeStep(new LSTM.Builder().nOut(6).build()),
            new OutputLayer.Builder(LossFunction.MCXENT).nOut(3).build());
    String why =
        assertThrows(UnsupportedLayerException.class, () -> Dl4jNetworks.of(net, Shape.of(4)))
            .getMessage();
    assertTrue(why.contains("'ids' (EmbeddingSequenceLayer)"), why);
  }
}
