package io.penstock.dl4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.nn.Shape;
import io.penstock.nn.layer.Activation;
import io.penstock.nn.loss.Losses;
import io.penstock.nn.network.Sequential;
import java.nio.file.Path;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.conf.layers.recurrent.LastTimeStep;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

class LstmMappingTest {
  private static final org.nd4j.linalg.activations.Activation TANH =
      org.nd4j.linalg.activations.Activation.TANH;
  private static final org.nd4j.linalg.activations.Activation IDENTITY =
      org.nd4j.linalg.activations.Activation.IDENTITY;

  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource(RNNFormat.class)
  void lastStepOfSequencesComesAndGoes(RNNFormat format) throws Exception {
    MultiLayerNetwork before =
        RoundTrip.dl4j(
            InputType.recurrent(3, 5, format),
            lstm(4, format).build(),
            new LastTimeStep(lstm(6, format).dropOut(0.9).build()),
            new OutputLayer.Builder(LossFunction.MCXENT).nOut(2).build());
    INDArray rows = Nd4j.rand(7, 5, 3);
    new RoundTrip(folder).comesAndGoes(before, Shape.of(5, 3), dl4j(rows, format), rows);
  }

  @ParameterizedTest
  @EnumSource(RNNFormat.class)
  void everyStepComesAndGoes(RNNFormat format) throws Exception {
    MultiLayerNetwork before =
        RoundTrip.dl4j(
            InputType.recurrent(3, 5, format),
            lstm(4, format).build(),
            new DenseLayer.Builder().nOut(6).activation(TANH).build(),
            lstm(5, format).build(),
            new RnnOutputLayer.Builder(LossFunction.MCXENT).nOut(2).dataFormat(format).build());
    INDArray rows = Nd4j.rand(7, 5, 3);
    Path zip = folder.resolve("net.zip");
    org.deeplearning4j.util.ModelSerializer.writeModel(before, zip.toFile(), false);
    TrainedNetwork here = Dl4jNetworks.read(zip, Shape.of(5, 3));
    RoundTrip.close(dl4j(before.output(dl4j(rows, format)), format), here.predict(rows));
    new RoundTrip(folder).goes(here, rows);
  }

  @Test
  void gatesAreDl4jsByHand() {
    MultiLayerNetwork net =
        RoundTrip.dl4j(
            InputType.recurrent(1, 2, RNNFormat.NCW),
            new LastTimeStep(lstm(1, RNNFormat.NCW).build()),
            new OutputLayer.Builder(LossFunction.MSE).nOut(1).activation(IDENTITY).build());
    // Candidate, forget, output, input: W, then RW, then b.
    net.setParam("0_W", Nd4j.createFromArray(new float[][] {{0.5f, 0.7f, -0.3f, 1.1f}}));
    net.setParam("0_RW", Nd4j.createFromArray(new float[][] {{-0.4f, 0.2f, 0.9f, 0.6f}}));
    net.setParam("0_b", Nd4j.createFromArray(new float[][] {{0.1f, 1f, 0.3f, -0.2f}}));
    net.setParam("1_W", Nd4j.createFromArray(new float[][] {{1}}));
    net.setParam("1_b", Nd4j.createFromArray(new float[][] {{0}}));
    double h = 0;
    double c = 0;
    for (double x : new double[] {0.8, -1.3}) {
      double candidate = Math.tanh(0.5 * x - 0.4 * h + 0.1);
      double forget = sigmoid(0.7 * x + 0.2 * h + 1);
      double output = sigmoid(-0.3 * x + 0.9 * h + 0.3);
      double input = sigmoid(1.1 * x + 0.6 * h - 0.2);
      c = forget * c + input * candidate;
      h = output * Math.tanh(c);
    }
    INDArray rows = Nd4j.createFromArray(new float[][][] {{{0.8f}, {-1.3f}}});
    assertEquals(h, Dl4jNetworks.of(net, Shape.of(2, 1)).predict(rows).getDouble(0), 1e-6);
  }

  @Test
  void networkOfPenstockIsWritten() throws Exception {
    Sequential network =
        Sequential.input(6, 3)
            .dense(4, Activation.RELU)
            .lstm(5)
            .dense(4)
            .dropout(0.1)
            .lstm(3)
            .lastStep()
            .dense(2)
            .loss(Losses.softmaxCrossEntropy())
            .build();
    new RoundTrip(folder).goes(RoundTrip.trained(network), Nd4j.rand(5, 6, 3));
  }

  @Test
  void everyStepOfPenstockIsWritten() throws Exception {
    for (Sequential network :
        new Sequential[] {
          Sequential.input(6, 3).lstm(5).loss(Losses.softmaxCrossEntropy()).build(),
          Sequential.input(6, 3).lstm(5).flatten().dense(2).loss(Losses.squaredError()).build(),
          Sequential.input(6, 3)
              .dense(5, Activation.TANH)
              .dense(4)
              .flatten()
              .dense(2)
              .loss(Losses.squaredError())
              .build(),
          Sequential.input(6, 3)
              .lstm(5)
              .dense(4, Activation.TANH)
              .loss(Losses.softmaxCrossEntropy())
              .build(),
        }) {
      new RoundTrip(folder).goes(RoundTrip.trained(network), Nd4j.rand(5, 6, 3));
    }
  }

  @Test
  void otherGatesAreRefused() {
    MultiLayerNetwork net =
        RoundTrip.dl4j(
            InputType.recurrent(3, 5, RNNFormat.NCW),
            lstm(4, RNNFormat.NCW)
                .name("memory")
                .gateActivationFunction(org.nd4j.linalg.activations.Activation.HARDSIGMOID)
                .build(),
            new RnnOutputLayer.Builder(LossFunction.MCXENT).nOut(2).build());
    refused(net, Shape.of(5, 3), "'memory' (LSTM)");
  }

  @Test
  void lengthThatIsGivenForTheWidthIsRefused() {
    MultiLayerNetwork net =
        RoundTrip.dl4j(
            InputType.recurrent(3, 5, RNNFormat.NCW),
            lstm(4, RNNFormat.NCW).build(),
            new RnnOutputLayer.Builder(LossFunction.MCXENT).nOut(2).build());
    refused(net, Shape.of(3, 5), "[length, width]");
  }

  private static void refused(MultiLayerNetwork net, Shape input, String what) {
    String why =
        assertThrows(UnsupportedLayerException.class, () -> Dl4jNetworks.of(net, input))
            .getMessage();
    assertTrue(why.contains(what), why);
  }

  private static LSTM.Builder lstm(int width, RNNFormat format) {
    return new LSTM.Builder().nOut(width).activation(TANH).dataFormat(format);
  }

  private static INDArray dl4j(INDArray sequences, RNNFormat format) {
    return format == RNNFormat.NWC ? sequences : sequences.permute(0, 2, 1).dup('c');
  }

  private static double sigmoid(double x) {
    return 1 / (1 + Math.exp(-x));
  }
}
