package io.penstock.dl4j;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.nn.Parameters;
import io.penstock.nn.Shape;
import io.penstock.nn.network.Sequential;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.util.ModelSerializer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Networks that go through files, from one library to the other and back.
 *
 * @param folder where the files are
 */
record RoundTrip(Path folder) {
  /** A network of DL4J, with weights that tell places apart. */
  static MultiLayerNetwork dl4j(InputType input, Layer... layers) {
    NeuralNetConfiguration.ListBuilder list =
        new NeuralNetConfiguration.Builder().list().overrideNinUponBuild(false);
    for (Layer layer : layers) {
      list.layer(layer);
    }
    MultiLayerNetwork network = new MultiLayerNetwork(list.setInputType(input).build());
    network.init();
    randomize(network);
    return network;
  }

  /** Positive, so that variances are; small, so that softmax tells outputs apart. */
  static void randomize(MultiLayerNetwork network) {
    network.params().assign(Nd4j.rand(network.params().shape()).muli(0.3).addi(0.01));
  }

  /** A network of Penstock with weights. */
  static TrainedNetwork trained(Sequential network) {
    List<Parameters> parameters = new ArrayList<>();
    for (int i = 0; i < network.layers().size(); i++) {
      Parameters own = Parameters.initial(network.parameters(i), 7, i);
      if (own.size() > 0) {
        own.flat().addi(0.05);
        own.changed();
      }
      parameters.add(own);
    }
    return new TrainedNetwork(network, parameters);
  }

  /**
   * Reads a network of DL4J and writes it again; every time it says the same.
   *
   * @param input the shape of Penstock's rows; null if the file says it
   * @param rows DL4J's
   * @param ours the same rows as Penstock has them, which is how it writes that DL4J shall
   */
  TrainedNetwork comesAndGoes(MultiLayerNetwork before, Shape input, INDArray rows, INDArray ours)
      throws IOException {
    Path zip = folder.resolve("before.zip");
    ModelSerializer.writeModel(before, zip.toFile(), false);
    TrainedNetwork here = input == null ? Dl4jNetworks.read(zip) : Dl4jNetworks.read(zip, input);
    INDArray expected = before.output(rows);
    close(expected, here.predict(ours));
    goes(here, ours);
    return here;
  }

  /** Writes a network for DL4J and reads it again; every time it says the same. */
  void goes(TrainedNetwork here, INDArray rows) throws IOException {
    Path zip = folder.resolve("after.zip");
    Dl4jNetworks.write(here, zip);
    MultiLayerNetwork there = ModelSerializer.restoreMultiLayerNetwork(zip.toFile());
    close(here.predict(rows), there.output(rows));
    TrainedNetwork again = Dl4jNetworks.read(zip, here.network().input());
    assertEquals(here.network(), again.network());
    close(here.predict(rows), again.predict(rows));
  }

  static void close(INDArray expected, INDArray actual) {
    assertEquals(expected.length(), actual.length());
    INDArray same = expected.rank() == actual.rank() ? expected : expected.reshape(actual.shape());
    assertArrayEquals(same.shape(), actual.shape());
    double far = same.sub(actual).amaxNumber().doubleValue();
    assertTrue(far < 1e-5, () -> "differs by " + far + ": " + expected + " but " + actual);
  }
}
