package io.penstock.dl4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.nn.Shape;
import io.penstock.nn.layer.Activation;
import io.penstock.nn.layer.Window;
import io.penstock.nn.loss.Losses;
import io.penstock.nn.network.Sequential;
import java.nio.file.Path;
import java.util.List;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.LocalResponseNormalization;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

class Dl4jNetworksTest {
  private static final org.nd4j.linalg.activations.Activation RELU =
      org.nd4j.linalg.activations.Activation.RELU;
  private static final org.nd4j.linalg.activations.Activation SOFTMAX =
      org.nd4j.linalg.activations.Activation.SOFTMAX;

  @TempDir Path folder;

  @Test
  void perceptronComesAndGoesWithEqualOutputs() throws Exception {
    MultiLayerNetwork before =
        new MultiLayerNetwork(
            new NeuralNetConfiguration.Builder()
                .list()
                .layer(new DenseLayer.Builder().nIn(5).nOut(7).activation(RELU).build())
                .layer(new DenseLayer.Builder().nOut(6).dropOut(0.8).hasBias(false).build())
                .layer(
                    new OutputLayer.Builder(LossFunction.MCXENT)
                        .nOut(3)
                        .activation(SOFTMAX)
                        .build())
                .setInputType(InputType.feedForward(5))
                .build());
    before.init();
    RoundTrip.randomize(before);
    comesAndGoes(before, null, Nd4j.rand(4, 5));
  }

  @Test
  void picturesComeAndGoWithEqualOutputs() throws Exception {
    MultiLayerNetwork before =
        pictures(new SubsamplingLayer.Builder().kernelSize(2, 2).stride(2, 2).build());
    RoundTrip.randomize(before);
    comesAndGoes(before, Shape.of(2, 8, 8), Nd4j.rand(3, 2, 8, 8));
  }

  @Test
  void networkOfPenstockIsWritten() throws Exception {
    Sequential network =
        Sequential.input(2, 6, 6)
            .convolution(4, Window.of(3, 3).same(), Activation.ELU)
            .batchNorm()
            .averagePool(Window.of(3, 3).withStride(2).same())
            .dropout(0.2)
            .flatten()
            .dense(8, Activation.TANH)
            .dense(2, Activation.SIGMOID)
            .loss(Losses.squaredError())
            .build();
    TrainedNetwork trained = RoundTrip.trained(network);
    Path zip = folder.resolve("net.zip");
    Dl4jNetworks.write(trained, zip);
    MultiLayerNetwork there = ModelSerializer.restoreMultiLayerNetwork(zip.toFile());
    INDArray rows = Nd4j.rand(5, 72);
    RoundTrip.close(trained.predict(rows), there.output(rows));
    assertEquals(network, Dl4jNetworks.read(zip).network());
  }

  @Test
  void layerWithoutCounterpartIsNamed() {
    MultiLayerNetwork net =
        pictures(new LocalResponseNormalization.Builder().name("lrn_1").build());
    String why =
        assertThrows(UnsupportedLayerException.class, () -> Dl4jNetworks.of(net, Shape.of(2, 8, 8)))
            .getMessage();
    assertTrue(why.contains("'lrn_1' (LocalResponseNormalization)"), why);
  }

  @Test
  void picturesWithoutSizeAskForTheirShape() {
    MultiLayerNetwork net = pictures(new SubsamplingLayer.Builder().kernelSize(2, 2).build());
    String why =
        assertThrows(IllegalArgumentException.class, () -> Dl4jNetworks.of(net)).getMessage();
    assertTrue(why.contains("Shape.of"), why);
  }

  @Test
  void dl4jsGeluIsTheOneWithASigmoid() throws Exception {
    Path zip = folder.resolve("gelu.zip");
    Sequential network = gelu(Activation.GELU_SIGMOID);
    TrainedNetwork trained = RoundTrip.trained(network);
    Dl4jNetworks.write(trained, zip);
    MultiLayerNetwork there = ModelSerializer.restoreMultiLayerNetwork(zip.toFile());
    INDArray rows = Nd4j.rand(5, 4);
    RoundTrip.close(trained.predict(rows), there.output(rows));
    assertEquals(network, Dl4jNetworks.read(zip).network());
    for (Activation other : List.of(Activation.GELU, Activation.GELU_TANH)) {
      String why =
          assertThrows(
                  UnsupportedLayerException.class,
                  () -> Dl4jNetworks.write(RoundTrip.trained(gelu(other)), zip))
              .getMessage();
      assertTrue(why.contains("gelu_sigmoid"), why);
    }
  }

  private static Sequential gelu(Activation activation) {
    return Sequential.input(4).dense(3, activation).dense(2).loss(Losses.squaredError()).build();
  }

  @Test
  void layerThatDl4jDoesNotHaveIsNamed() {
    Sequential network =
        Sequential.input(4)
            .save("x")
            .dense(4)
            .addSaved("x")
            .dense(2)
            .loss(Losses.softmaxCrossEntropy())
            .build();
    String why =
        assertThrows(
                UnsupportedLayerException.class,
                () -> Dl4jNetworks.network(RoundTrip.trained(network)))
            .getMessage();
    assertTrue(why.contains("Layer 0 (Save)"), why);
  }

  private void comesAndGoes(MultiLayerNetwork before, Shape input, INDArray rows) throws Exception {
    new RoundTrip(folder).comesAndGoes(before, input, rows, rows);
  }

  private static MultiLayerNetwork pictures(org.deeplearning4j.nn.conf.layers.Layer middle) {
    MultiLayerNetwork net =
        new MultiLayerNetwork(
            new NeuralNetConfiguration.Builder()
                .list()
                .layer(new ConvolutionLayer.Builder(3, 3).nOut(4).activation(RELU).build())
                .layer(new BatchNormalization())
                .layer(middle)
                .layer(new DenseLayer.Builder().nOut(6).activation(RELU).build())
                .layer(
                    new OutputLayer.Builder(LossFunction.MCXENT)
                        .nOut(3)
                        .activation(SOFTMAX)
                        .build())
                .setInputType(InputType.convolutional(8, 8, 2))
                .build());
    net.init();
    return net;
  }
}
