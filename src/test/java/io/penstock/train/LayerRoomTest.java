package io.penstock.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.compute.Workspace;
import io.penstock.nn.network.Sequential;
import io.penstock.nn.update.Updater;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LayerRoomTest {
  private static final Sequential NETWORK = Sequential.perceptron(4, 8, 6, 3);
  private static final int SECOND = 2;

  private static StageWeights stage(LayerRoom room, int first, int end) {
    return new StageWeights(
        NETWORK, first, end, Updater.sgd(1), 7, InitialState.BORN, 1, room, layer -> true);
  }

  private static long address(StageWeights stage, int layer) {
    return stage.gradients(layer).flat().data().address();
  }

  private static LayerRoom room(Retention retention) {
    return new LayerRoom(
        retention, NETWORK, IntStream.range(0, NETWORK.layers().size()), new Workspace());
  }

  @Test
  void gradientsOfAllStagesTakeItInTurn() {
    try (LayerRoom room = room(new Retention(true, false));
        StageWeights first = stage(room, 0, SECOND);
        StageWeights rest = stage(room, SECOND, NETWORK.layers().size())) {
      assertTrue(first.sums().areInTurn());
      assertEquals(address(first, 0), address(rest, SECOND));
      assertEquals(4 * 8 + 8, first.gradients(0).size());
      assertEquals(8 * 6 + 6, rest.gradients(SECOND).size());
    }
  }

  @Test
  void whereAllAreRetainedEachHasItsOwn() {
    try (LayerRoom room = room(Retention.ALL);
        StageWeights first = stage(room, 0, SECOND);
        StageWeights rest = stage(room, SECOND, NETWORK.layers().size())) {
      assertFalse(first.sums().areInTurn());
      assertNotEquals(address(first, 0), address(rest, SECOND));
    }
  }
}
