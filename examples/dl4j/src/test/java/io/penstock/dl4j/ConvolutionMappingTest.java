package io.penstock.dl4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.nn.Parameters;
import io.penstock.nn.Shape;
import io.penstock.nn.layer.Activation;
import io.penstock.nn.layer.Window;
import io.penstock.nn.loss.Losses;
import io.penstock.nn.network.Sequential;
import java.nio.file.Path;
import java.util.List;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.Convolution1DLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.conf.layers.Subsampling1DLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

class ConvolutionMappingTest {
  private static final org.nd4j.linalg.activations.Activation RELU =
      org.nd4j.linalg.activations.Activation.RELU;

  @TempDir Path folder;

  @Test
  void signalsComeAndGo() throws Exception {
    MultiLayerNetwork before =
        RoundTrip.dl4j(
            InputType.recurrent(2, 11, RNNFormat.NCW),
            new Convolution1DLayer.Builder(3, 2).nOut(4).activation(RELU).build(),
            new Subsampling1DLayer.Builder(2, 1).build(),
            new Convolution1DLayer.Builder(2)
                .nOut(5)
                .convolutionMode(ConvolutionMode.Same)
                .hasBias(false)
                .activation(RELU)
                .build(),
            new GlobalPoolingLayer(PoolingType.AVG),
            new OutputLayer.Builder(LossFunction.MCXENT).nIn(5).nOut(3).build());
    INDArray rows = Nd4j.rand(6, 2, 11);
    new RoundTrip(folder).comesAndGoes(before, Shape.of(2, 11), rows, rows);
  }

  @Test
  void signalOfPenstockIsWrittenByHand() {
    Sequential network =
        Sequential.input(2, 3)
            .convolution(1, Window.of(2))
            .flatten()
            .loss(Losses.squaredError())
            .build();
    List<Parameters> parameters =
        List.of(Parameters.zeros(network.parameters(0)), Parameters.zeros(network.parameters(1)));
    parameters
        .get(0)
        .get("weights")
        .assign(Nd4j.createFromArray(new float[][][] {{{1, 10}, {100, 1000}}}));
    parameters.get(0).get("bias").assign(0.5);
    parameters.get(0).changed();
    INDArray rows = Nd4j.createFromArray(new float[][][] {{{1, 2, 3}, {4, 5, 6}}});
    INDArray expected =
        Nd4j.createFromArray(
            new float[][] {{1 + 20 + 400 + 5000 + 0.5f, 2 + 30 + 500 + 6000 + 0.5f}});
    TrainedNetwork trained = new TrainedNetwork(network, parameters);
    assertEquals(expected, trained.predict(rows));
    assertEquals(expected, Dl4jNetworks.network(trained).output(rows));
  }

  @Test
  void networkOfPenstockIsWritten() throws Exception {
    Sequential network =
        Sequential.input(2, 11)
            .convolution(4, Window.of(3).withStride(2).withPadding(1), Activation.TANH)
            .averagePool(Window.of(3).same())
            .dropout(0.2)
            .convolution(3, Window.of(2))
            .flatten()
            .dense(5, Activation.RELU)
            .dense(2)
            .loss(Losses.softmaxCrossEntropy())
            .build();
    new RoundTrip(folder).goes(RoundTrip.trained(network), Nd4j.rand(5, 2, 11));
  }

  @Test
  void convolutionOverStepsOfSequencesIsRefused() {
    MultiLayerNetwork net =
        RoundTrip.dl4j(
            InputType.recurrent(3, 8, RNNFormat.NCW),
            new LSTM.Builder()
                .nOut(4)
                .activation(org.nd4j.linalg.activations.Activation.TANH)
                .build(),
            new Convolution1DLayer.Builder(3).name("conv_2").nOut(4).activation(RELU).build(),
            new RnnOutputLayer.Builder(LossFunction.MCXENT).nOut(2).build());
    String why =
        assertThrows(UnsupportedLayerException.class, () -> Dl4jNetworks.of(net, Shape.of(8, 3)))
            .getMessage();
    assertTrue(why.contains("'conv_2' (Convolution1DLayer)") && why.contains("swaps"), why);
  }
}
