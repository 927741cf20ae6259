package io.penstock.ml;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.checkpoint.NetworkWeights;
import io.penstock.nn.Layer;
import io.penstock.nn.Parameters;
import io.penstock.nn.Shape;
import io.penstock.nn.layer.Activation;
import io.penstock.nn.layer.ActivationLayer;
import io.penstock.nn.layer.Chain;
import io.penstock.nn.layer.Dense;
import io.penstock.nn.layer.Gru;
import io.penstock.nn.layer.Lstm;
import io.penstock.nn.layer.Residual;
import io.penstock.nn.loss.Losses;
import io.penstock.nn.network.Sequential;
import io.penstock.train.Outputs;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A row whose numbers overflow within the network is told, whatever the layers behind make of it.
 */
class OverflowedRowsTest {
  private static final int WIDTH = 256;

  @ParameterizedTest
  @EnumSource(
      value = Activation.class,
      names = {"RELU", "TANH", "SIGMOID", "GELU", "ELU"})
  void noActivationHidesARowThatOverflows(Activation activation) {
    Sequential network =
        Sequential.input(WIDTH)
            .dense(4, activation)
            .dense(2)
            .loss(Losses.softmaxCrossEntropy())
            .build();
    List<Parameters> parameters = initial(network);
    parameters.get(0).flat().muli(20);
    parameters.get(0).changed();
    assertOverflows(network, parameters, WIDTH, Float.MAX_VALUE);
    float[] ordinary = new float[WIDTH];
    assertTrue(
        new Scorer(network.toWire(), NetworkWeights.inMemory(parameters))
            .outputs(ordinary, 1, true)
            .notFinite(0, 1)
            .isEmpty());
  }

  static Stream<Layer> hiding() {
    Layer large = new Dense(1, true, 1e18);
    List<Layer> squashing =
        List.of(large, large, large, new ActivationLayer(Activation.TANH), Dense.of(2));
    return Stream.of(
        new Chain(squashing),
        new Residual(squashing),
        new Residual(List.of(new Chain(squashing))),
        new Lstm(2),
        new Gru(2));
  }

  @ParameterizedTest
  @MethodSource("hiding")
  void noLayerHidesARowThatOverflowsWithinIt(Layer layer) {
    Sequential network =
        Sequential.input(4, 2)
            .layer(layer)
            .lastStep()
            .dense(2)
            .loss(Losses.softmaxCrossEntropy())
            .build();
    List<Parameters> parameters = initial(network);
    if (layer.parameters(Shape.of(4, 2)).get(0).name().equals("weights")) {
      parameters.get(0).get("weights").assign(1e38); // an LSTM's and a GRU's
      parameters.get(0).changed();
    }
    assertOverflows(network, parameters, 8, 30);
  }

  private static List<Parameters> initial(Sequential network) {
    return IntStream.range(0, network.layers().size())
        .mapToObj(layer -> Parameters.initial(network.parameters(layer), 7, layer))
        .toList();
  }

  /** The second of three rows, whose numbers are of this size; the others are of about 1e-30. */
  private static void assertOverflows(
      Sequential network, List<Parameters> parameters, int width, float size) {
    Random random = new Random(2);
    float[] features = new float[3 * width];
    for (int i = 0; i < features.length; i++) {
      float one = (float) random.nextGaussian();
      features[i] = i / width == 1 ? Math.copySign(size, one) : 1e-30f * one;
    }
    Outputs outputs =
        new Scorer(network.toWire(), NetworkWeights.inMemory(parameters))
            .outputs(features, 3, true);
    for (int row = 0; row < 3; row++) {
      assertEquals(row == 1, outputs.notFinite(row, 1).isPresent(), "row " + row);
    }
  }
}
