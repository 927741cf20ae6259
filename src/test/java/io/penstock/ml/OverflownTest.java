package io.penstock.ml;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.nn.Parameters;
import io.penstock.nn.layer.Activation;
import io.penstock.nn.loss.Losses;
import io.penstock.nn.network.Sequential;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A row whose numbers overflow within the network is told, whatever the layers behind make of it.
 */
class OverflownTest {
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
    List<Parameters> parameters = new ArrayList<>();
    for (int layer = 0; layer < network.layers().size(); layer++) {
      parameters.add(Parameters.initial(network.parameters(layer), 7, layer));
    }
    parameters.get(0).flat().muli(20);
    parameters.get(0).changed();
    Random random = new Random(2);
    float[] features = new float[3 * WIDTH];
    for (int i = 0; i < features.length; i++) {
      boolean large = i / WIDTH == 1;
      float one = (float) random.nextGaussian();
      features[i] = large ? Math.copySign(Float.MAX_VALUE, one) : one;
    }
    Outputs outputs = Scorer.of(network, parameters).outputs(features, 3, true);
    for (int row = 0; row < 3; row++) {
      assertEquals(row == 1, outputs.notFinite(row, 1).isPresent(), "row " + row);
    }
    float[] ordinary = new float[WIDTH];
    assertTrue(Scorer.of(network, parameters).outputs(ordinary, 1, true).notFinite(0, 1).isEmpty());
  }
}
