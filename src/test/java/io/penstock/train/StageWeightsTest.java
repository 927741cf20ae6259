package io.penstock.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.checkpoint.LayerState;
import io.penstock.nn.loss.Losses;
import io.penstock.nn.network.Sequential;
import io.penstock.nn.update.Updater;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;

class StageWeightsTest {
  private static final int WIDTH = 8;

  private static StageWeights weights() {
    Sequential network = Sequential.input(WIDTH).dense(WIDTH).loss(Losses.squaredError()).build();
    return new StageWeights(network, 0, 1, Updater.adam(0.1), 1);
  }

  @Test
  void whatWasKeptComesBack() {
    try (StageWeights weights = weights()) {
      float[] before = weights.of(0).values();
      weights.keep();
      weights.of(0).flat().assign(3);
      weights.restore();
      assertArrayEquals(before, weights.of(0).values());
    }
  }

  @Test
  void whatWasKeptIsFreedWithTheRest() {
    List<INDArray> all = new ArrayList<>();
    Pointer copied;
    try (StageWeights weights = weights()) {
      weights.keep();
      LayerState state = weights.states().get(0);
      INDArray best = state.best().orElseThrow();
      all.addAll(List.of(state.weights().flat(), weights.gradients(0).flat()));
      all.addAll(List.of(state.optimizer(), best));
      copied = best.data().pointer();
      assertTrue(all.stream().noneMatch(INDArray::wasClosed));
      assertFalse(copied.isNull());
    }
    assertTrue(all.stream().allMatch(INDArray::wasClosed));
    assertTrue(copied.isNull(), "closed, but still there: " + copied);
  }
}
