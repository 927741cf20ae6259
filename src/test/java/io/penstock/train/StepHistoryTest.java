package io.penstock.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class StepHistoryTest {
  private static StepHistory after(int steps) {
    StepHistory history = new StepHistory(new double[0]);
    for (int step = 0; step < steps; step++) {
      history.add(step + 0.5, 10L * step, 10L * step + 3);
    }
    return history;
  }

  @Test
  void everyStepIsThereInItsOrder() {
    for (int steps : new int[] {0, 1, 63, 64, 65, 1000}) {
      StepHistory history = after(steps);
      assertArrayEquals(
          IntStream.range(0, steps).mapToDouble(step -> step + 0.5).toArray(), history.losses());
      assertArrayEquals(
          LongStream.range(0, steps).map(step -> 10 * step).toArray(), history.starts());
      assertArrayEquals(
          LongStream.range(0, steps).map(step -> 10 * step + 3).toArray(), history.ends());
    }
  }

  @Test
  void ofMoreStepsThanItKeepsItHasTheNewest() {
    for (int more : new int[] {0, 1, 77, StepHistory.MOST, StepHistory.MOST + 5}) {
      StepHistory history = after(StepHistory.MOST + more);
      long[] newest =
          LongStream.range(more, StepHistory.MOST + more).map(step -> 10 * step).toArray();
      assertEquals(StepHistory.MOST, newest.length);
      assertArrayEquals(newest, history.starts());
      assertEquals(more + 0.5, history.losses()[0]);
      assertEquals(10L * (StepHistory.MOST + more - 1) + 3, history.ends()[newest.length - 1]);
    }
  }
}
