package io.penstock.balance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.nn.loss.Losses;
import io.penstock.nn.network.Sequential;
import io.penstock.nn.update.Updater;
import io.penstock.schedule.LinkCost;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProfileTest {
  private static final Sequential NETWORK =
      Sequential.input(4).dense(3).dense(2).loss(Losses.squaredError()).build();

  private static RowTimes times(int rows) {
    return new RowTimes(
        rows,
        List.of(1.0 + 2 * rows, 3.0 + rows),
        List.of(0.0, 2.0 + rows),
        List.of(1.0 * rows, 4.0));
  }

  private static Profile profile(RowTimes... times) {
    return Profile.of(
        NETWORK,
        Updater.adam(0.1),
        List.of(new LayerTimes(List.of(times), Collections.nCopies(NETWORK.layers().size(), 0.0))),
        new LinkCost(1e-3, 1e9),
        1 << 20);
  }

  @Test
  void timesAreOfTheAverageMicroBatchAndSizesOfTheLargest() {
    LayerCosts costs = profile(times(2), times(8)).costs(10, 4);
    LayerCosts sizes = LayerCosts.estimated(NETWORK, 3, Updater.adam(0.1));
    assertEquals(1 + 2 * 2.5, costs.layers().get(0).forward(), 1e-9);
    assertEquals(0, costs.layers().get(0).inputGradient(), 1e-9);
    assertEquals(2.5, costs.layers().get(0).weightGradient(), 1e-9);
    assertEquals(2 + 2.5, costs.layers().get(1).inputGradient(), 1e-9);
    assertEquals(4, costs.layers().get(1).weightGradient(), 1e-9);
    assertEquals(sizes.inputBytes(), costs.inputBytes());
    for (int layer = 0; layer < 2; layer++) {
      assertEquals(sizes.stateBytes(layer, layer + 1), costs.stateBytes(layer, layer + 1));
      assertEquals(sizes.keptBytes(layer, layer + 1), costs.keptBytes(layer, layer + 1));
      assertEquals(sizes.bytesInto(layer, layer + 1), costs.bytesInto(layer, layer + 1));
    }
  }

  @Test
  void oneNumberOfRowsIsTooFew() {
    var e = assertThrows(IllegalArgumentException.class, () -> profile(times(2), times(2)));
    assertTrue(e.getMessage().contains("two different numbers"), e.getMessage());
  }

  @Test
  void timesOfAnotherNetworkAreRefused() {
    RowTimes one = new RowTimes(4, List.of(1.0), List.of(1.0), List.of(1.0));
    assertThrows(IllegalArgumentException.class, () -> profile(times(2), one));
  }

  @Test
  void timesThatAreNoneAreRefused() {
    for (double wrong : new double[] {-1, Double.NaN, Double.POSITIVE_INFINITY}) {
      assertThrows(
          IllegalArgumentException.class,
          () -> new RowTimes(4, List.of(wrong), List.of(1.0), List.of(1.0)));
    }
    assertThrows(
        IllegalArgumentException.class,
        () -> new RowTimes(4, List.of(1.0), List.of(), List.of(1.0)));
    assertThrows(
        IllegalArgumentException.class,
        () -> new RowTimes(0, List.of(1.0), List.of(1.0), List.of(1.0)));
  }
}
