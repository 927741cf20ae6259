package io.penstock.feed;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class EpochOrderTest {
  private static final int WINDOW = EpochOrder.SEGMENT_ROWS * EpochOrder.WINDOW_SEGMENTS;

  @Test
  void everyRowComesOnce() {
    for (long rows : new long[] {0, 1, 1023, 1024, 1025, WINDOW, WINDOW + 1, 3 * WINDOW + 77}) {
      for (int epoch = 0; epoch < 4; epoch++) {
        long[] order = order(new EpochOrder(rows, 7, epoch));
        assertArrayEquals(
            LongStream.range(0, rows).toArray(), Arrays.stream(order).sorted().toArray());
      }
    }
  }

  @Test
  void aPositionLiesInTheWindowThatHoldsIt() {
    // Several epochs, so that the short run stands in several places.
    for (int epoch = 0; epoch < 6; epoch++) {
      EpochOrder order = new EpochOrder(3 * WINDOW + 77, 1, epoch);
      for (int window = 0; window < order.windows(); window++) {
        assertEquals(window, order.windowAt(order.windowStart(window)));
        assertEquals(window, order.windowAt(order.windowStart(window + 1) - 1));
      }
      assertEquals(order.rows(), order.windowStart(order.windows()));
    }
  }

  @Test
  void aWindowNeedsOnlyItsOwnRuns() {
    EpochOrder order = new EpochOrder(2 * WINDOW, 1, 0);
    for (int window = 0; window < 2; window++) {
      long[] wanted =
          Arrays.stream(order.runs(window))
              .flatMap(start -> LongStream.range(start, start + order.runRows(start)))
              .sorted()
              .toArray();
      assertArrayEquals(wanted, Arrays.stream(order.window(window)).sorted().toArray());
    }
  }

  @Test
  void seedAndEpochAloneSetTheOrder() {
    long[] order = order(new EpochOrder(5000, 3, 2));
    assertArrayEquals(order, order(new EpochOrder(5000, 3, 2)));
    assertFalse(Arrays.equals(order, order(new EpochOrder(5000, 3, 3))));
    assertFalse(Arrays.equals(order, order(new EpochOrder(5000, 4, 2))));
  }

  @Test
  void rowsMoveFarFromTheirPlaces() {
    long[] order = order(new EpochOrder(4L * WINDOW, 1, 0));
    long moved = 0;
    for (int i = 0; i < order.length; i++) {
      moved += Math.abs(order[i] - i);
    }
    // A uniform shuffle moves a row by a third of the length on average.
    assertEquals(order.length / 3.0, (double) moved / order.length, order.length / 10.0);
  }

  @Test
  void negativeRowsAreRefused() {
    assertThrows(IllegalArgumentException.class, () -> new EpochOrder(-1, 1, 0));
  }

  private static long[] order(EpochOrder order) {
    return IntStream.range(0, order.windows())
        .mapToObj(order::window)
        .flatMapToLong(Arrays::stream)
        .toArray();
  }
}
