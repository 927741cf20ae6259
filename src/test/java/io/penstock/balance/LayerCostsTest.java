package io.penstock.balance;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.nn.Activation;
import io.penstock.nn.Losses;
import io.penstock.nn.Sequential;
import java.util.List;
import org.junit.jupiter.api.Test;

class LayerCostsTest {
  private static final Sequential NETWORK =
      Sequential.input(100).dense(200, Activation.RELU).dropout(0.5).dense(10).loss(Losses.softmaxCrossEntropy()).build();

  private final double[] costs = LayerCosts.flops(NETWORK);

  @Test
  void everyLayerHasAFigureAndNoneIsFree() {
    assertEquals(NETWORK.layers().size(), costs.length);
    for (double cost : costs) {
      assertTrue(cost > 0, "cost " + cost);
    }
  }

  @Test
  void aDenseLayerCostsItsProductItsBiasAndThePassOverItsOutputs() {
    assertEquals(2 * 100 * 200 + 200 + 10 * 200, costs[0]);
    assertEquals(2 * 200 * 10 + 10 + 10 * 10, costs[3]);
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
            .loss(Losses.softmaxCrossEntropy()).build();
    assertEquals(List.of(0, 2), Partitioner.partition(LayerCosts.flops(twins), 2).starts());
  }
}
