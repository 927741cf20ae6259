package io.penstock.balance;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.nn.layer.Activation;
import io.penstock.nn.loss.Losses;
import io.penstock.nn.network.Sequential;
import io.penstock.nn.update.Updater;
import java.util.List;
import org.junit.jupiter.api.Test;

class LayerCostsTest {
  private static final Sequential NETWORK =
      Sequential.input(100)
          .dense(200, Activation.RELU)
          .dropout(0.5)
          .dense(10)
          .loss(Losses.softmaxCrossEntropy())
          .build();

  private final double[] costs = LayerCosts.flops(NETWORK);

  @Test
  void everyLayerHasAFigureAndNoneIsFree() {
    assertEquals(NETWORK.layers().size(), costs.length);
    for (double cost : costs) {
      assertTrue(cost > 0, "cost " + cost);
    }
  }

  @Test
  void aDenseLayerCostsItsProductItsBiasAndThePassesOverItsNumbers() {
    assertEquals(2 * 100 * 200 + 200 + 40 * (100 + 200), costs[0]);
    assertEquals(2 * 200 * 10 + 10 + 40 * (200 + 10), costs[3]);
  }

  @Test
  void theDescriptionAloneDecides() {
    assertArrayEquals(costs, LayerCosts.flops(Sequential.fromJson(NETWORK.toJson())));
  }

  @Test
  void anActivationStaysWithItsDenseLayerWhereTwoAreAlike() {
    Sequential twins =
        Sequential.input(256)
            .dense(256, Activation.RELU)
            .dense(256, Activation.RELU)
            .loss(Losses.softmaxCrossEntropy())
            .build();
    assertEquals(List.of(0, 2), Partitioner.partition(LayerCosts.flops(twins), 2).starts());
  }

  @Test
  void sizesAreOfWeightsGradientsStateAndOfOutputsWithTheirGradients() {
    LayerCosts costs = LayerCosts.estimated(NETWORK, 8, Updater.adam(0.1));
    LayerCost dense = costs.layers().get(0);
    long weights = 100 * 200 + 200;
    assertEquals(4 * (2 * weights + 2 * weights), dense.stateBytes(), "Adam keeps two a weight");
    assertEquals(4 * 8 * 200, dense.outputBytes());
    assertEquals(2 * 4 * 8 * 200, dense.keptBytes());
    assertEquals(4 * 8 * 100, costs.inputBytes());
    assertEquals(0, costs.layers().get(1).stateBytes());
  }

  @Test
  void theFirstLayerHasNoInputGradientAndOneWithoutWeightsNoWeightGradient() {
    LayerCosts estimated = LayerCosts.estimated(NETWORK, 8, Updater.sgd(0.1));
    double forward = 8 * costs[0];
    assertEquals(List.of(forward, 0.0, forward), times(estimated.layers().get(0)));
    forward = 8 * costs[1];
    assertEquals(List.of(forward, forward, 0.0), times(estimated.layers().get(1)));
    forward = 8 * costs[3];
    assertEquals(List.of(forward, forward, forward), times(estimated.layers().get(3)));
  }

  @Test
  void measuredTimesReplaceTheEstimatedOnesAndSizesStay() {
    double[] f = {1, 2, 3, 4};
    double[] i = {0, 5, 6, 7};
    double[] w = {8, 0, 0, 9};
    LayerCosts measured = LayerCosts.measured(NETWORK, 8, Updater.sgd(0.1), f, i, w);
    assertEquals(List.of(4.0, 7.0, 9.0), times(measured.layers().get(3)));
    LayerCosts estimated = LayerCosts.estimated(NETWORK, 8, Updater.sgd(0.1));
    assertEquals(estimated.stateBytes(0, 4), measured.stateBytes(0, 4));
    assertEquals(estimated.keptBytes(0, 4), measured.keptBytes(0, 4));
    assertThrows(
        IllegalArgumentException.class, () -> estimated.withTimes(f, i, new double[] {1, 2}));
    assertThrows(
        IllegalArgumentException.class,
        () -> estimated.withTimes(f, i, new double[] {1, 2, 3, Double.NaN}));
  }

  private static List<Double> times(LayerCost cost) {
    return List.of(cost.forward(), cost.inputGradient(), cost.weightGradient());
  }

  @Test
  void aTransformersBlockHoldsManyTimesItsOutput() {
    Sequential network =
        Sequential.input(64)
            .embedding(100, 32)
            .transformerBlock(4, 128, true, 0)
            .tiedDense(0, 100)
            .loss(Losses.softmaxCrossEntropy())
            .build();
    LayerCosts costs = LayerCosts.estimated(network, 2, Updater.adam(0.01));
    long output = 4 * 2 * 64 * 32;
    assertEquals(output, costs.layers().get(1).outputBytes());
    assertEquals(2 * output, costs.layers().get(0).keptBytes());
    // Two norms, attention of five vectors, hidden ones before and after gelu, three more, two
    // sums.
    long vectors = 2 + 5 + 1 + 8 + 2 + 2;
    long shares = 2L * 4 * 64 * 64 * 4;
    long moments = 2 * 2L * 4 * 2 * 64; // mean and variance of every place, of both norms
    assertEquals(2 * (vectors * output + shares) + moments, costs.layers().get(1).keptBytes());
  }

  @Test
  void aTiedLayerHasACopyOfTheWeightsAndNoStateOfTheUpdater() {
    Sequential network =
        Sequential.input(8).dense(16).tiedDense(0, 8).loss(Losses.squaredError()).build();
    LayerCosts costs = LayerCosts.estimated(network, 1, Updater.adam(0.01));
    long weights = 4 * (8 * 16 + 16);
    assertEquals(4 * weights, costs.layers().get(0).stateBytes());
    assertEquals(2 * weights, costs.layers().get(1).stateBytes());
  }
}
