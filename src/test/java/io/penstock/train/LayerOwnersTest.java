package io.penstock.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.balance.Cut;
import io.penstock.nn.loss.Losses;
import io.penstock.nn.network.Sequential;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LayerOwnersTest {
  @Test
  void theWeightsOfEveryStageAreSpread() {
    Sequential network =
        Sequential.input(10)
            .dense(20)
            .dense(20)
            .dense(20)
            .dense(20)
            .dense(20)
            .dense(10)
            .loss(Losses.squaredError())
            .build();
    Cut cut = new Cut(List.of(0, 3), 6);
    LayerOwners owners = LayerOwners.of(network, cut, 2);
    for (int stage = 0; stage < 2; stage++) {
      long[] weights = new long[2];
      IntStream.range(cut.first(stage), cut.end(stage))
          .forEach(layer -> weights[owners.of(layer)] += network.parameterCount(layer));
      assertTrue(Math.abs(weights[0] - weights[1]) <= 20 * 20 + 20, "stage " + stage);
    }
  }

  @Test
  void aLayerThatSharesWeightsGoesWithTheirOwner() {
    Sequential network =
        Sequential.input(8)
            .dense(4)
            .dense(30)
            .dense(4)
            .tiedDense(0, 8)
            .loss(Losses.squaredError())
            .build();
    for (Cut cut : List.of(new Cut(List.of(0), 4), new Cut(List.of(0, 2), 4))) {
      LayerOwners owners = LayerOwners.of(network, cut, 3);
      assertEquals(owners.of(0), owners.of(3));
    }
  }
}
