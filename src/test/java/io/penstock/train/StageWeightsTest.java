package io.penstock.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.nn.loss.Losses;
import io.penstock.nn.network.Sequential;
import io.penstock.nn.update.Updater;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.Test;

class StageWeightsTest {
  private static final int WIDTH = 512;
  private static final long BYTES = (long) Float.BYTES * WIDTH * WIDTH;

  private static StageWeights weights() {
    Sequential network = Sequential.input(WIDTH).dense(WIDTH).loss(Losses.squaredError()).build();
    return new StageWeights(network, 0, 1, Updater.sgd(0.1), 1);
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
    weights().close(); // what ND4J takes once is there from now on
    long before = Held.now().bytes(); // and what other tests have left to the collector is freed
    try (StageWeights weights = weights()) {
      long born = Pointer.totalBytes();
      weights.keep();
      assertTrue(Pointer.totalBytes() >= born + BYTES, "the copy is of memory that is counted");
    }
    long left = Pointer.totalBytes() - before;
    assertTrue(left < BYTES, left + " bytes are left of the weights");
  }
}
