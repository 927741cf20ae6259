package io.penstock.feed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.nn.loss.Losses;
import io.penstock.nn.network.NetworkBuilder;
import io.penstock.nn.network.Sequential;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MiniBatchesTest {
  @Test
  void lastMiniBatchMayBeShort() {
    MiniBatches batches = new MiniBatches(20, 8, 4);
    assertEquals(3, batches.steps());
    assertEquals(List.of(8, 8, 4), IntStream.range(0, 3).mapToObj(batches::rowsOf).toList());
  }

  @Test
  void lastMicroBatchMayBeShort() {
    assertEquals(List.of(2, 2, 2, 1), sizes(new MiniBatches(7, 7, 4), 0));
    assertEquals(List.of(3, 3, 2, 2), sizes(new MiniBatches(10, 10, 4), 0));
  }

  @Test
  void aStepHasNoMoreMicroBatchesThanRows() {
    MiniBatches batches = new MiniBatches(10, 8, 4);
    assertEquals(4, batches.microBatchesOf(0));
    assertEquals(List.of(1, 1), sizes(batches, 1));
    assertThrows(IndexOutOfBoundsException.class, () -> batches.microBatch(1, 2));
  }

  @Test
  void microBatchesFollowOneAnotherThroughTheEpoch() {
    for (int rows = 1; rows < 40; rows++) {
      for (int micro = 1; micro < 7; micro++) {
        MiniBatches batches = new MiniBatches(rows, 9, micro);
        long next = 0;
        for (int step = 0; step < batches.steps(); step++) {
          for (int i = 0; i < batches.microBatchesOf(step); i++) {
            MicroBatchRange range = batches.microBatch(step, i);
            assertEquals(next, range.start());
            next += range.rows();
          }
        }
        assertEquals(rows, next);
      }
    }
  }

  @Test
  void noMicroBatchHasFewerRowsThanTheLayersNeed() {
    assertEquals(List.of(2, 2), sizes(new MiniBatches(8, 4, 4, 2), 0));
    assertEquals(List.of(3, 2), sizes(new MiniBatches(5, 5, 4, 2), 0));
    MiniBatches lone = new MiniBatches(9, 4, 4, 2);
    assertEquals(2, lone.steps());
    assertEquals(List.of(3, 2), sizes(lone, 1), "the last row joins the mini-batch before");
    for (int least = 1; least < 5; least++) {
      for (int rows = least; rows < 40; rows++) {
        for (int micro = 1; micro < 7; micro++) {
          MiniBatches batches = new MiniBatches(rows, 9, micro, least);
          long next = 0;
          for (int step = 0; step < batches.steps(); step++) {
            assertTrue(batches.microBatchesOf(step) <= micro);
            for (int i = 0; i < batches.microBatchesOf(step); i++) {
              MicroBatchRange range = batches.microBatch(step, i);
              assertTrue(range.rows() >= least, batches + ": " + range);
              assertEquals(next, range.start());
              next += range.rows();
            }
          }
          assertEquals(rows, next);
        }
      }
    }
  }

  @Test
  void theLargestMicroBatchIsTheLargestOfAnyNumberOfRows() {
    for (int least = 1; least < 4; least++) {
      for (int batchSize = least; batchSize < 12; batchSize++) {
        for (int micro = 1; micro < 9; micro++) {
          long most = 0;
          for (int rows = least; rows < 4 * batchSize; rows++) {
            MiniBatches batches = new MiniBatches(rows, batchSize, micro, least);
            for (int step = 0; step < batches.steps(); step++) {
              most = Math.max(most, batches.microBatch(step, 0).rows());
            }
          }
          assertEquals(
              most,
              MiniBatches.mostRows(least, batchSize, micro),
              least + " rows at least, " + batchSize + " in " + micro);
        }
      }
    }
  }

  @Test
  void tooFewRowsForOneMicroBatchAreRefused() {
    String one =
        assertThrows(IllegalArgumentException.class, () -> new MiniBatches(1, 8, 4, 2))
            .getMessage();
    assertTrue(one.startsWith("There is 1 row to train on, but this network"), one);
    String two =
        assertThrows(IllegalArgumentException.class, () -> new MiniBatches(2, 8, 4, 3))
            .getMessage();
    assertTrue(two.startsWith("There are 2 rows to train on, but this network"), two);
    String batch =
        assertThrows(IllegalArgumentException.class, () -> new MiniBatches(9, 1, 1, 2))
            .getMessage();
    assertTrue(batch.startsWith("batchSize is 1, but this network compares rows"), batch);
    assertThrows(IllegalArgumentException.class, () -> new MiniBatches(1, 1, 1, 0));
    assertEquals(0, new MiniBatches(0, 8, 4, 2).steps());
  }

  @Test
  void batchNormalisationOfOneNumberAChannelNeedsTwoRows() {
    assertEquals(2, leastRows(Sequential.input(3).batchNorm().dense(1)));
    assertEquals(2, leastRows(Sequential.input(3, 1, 1).batchNorm().flatten().dense(1)));
    assertEquals(1, leastRows(Sequential.input(3, 2, 1).batchNorm().flatten().dense(1)));
    assertEquals(1, leastRows(Sequential.input(1).layerNorm().dense(1)));
  }

  private static int leastRows(NetworkBuilder network) {
    return MiniBatches.leastRows(network.loss(Losses.squaredError()).build());
  }

  @Test
  void noRowsMakeNoSteps() {
    assertEquals(0, new MiniBatches(0, 8, 4).steps());
  }

  @Test
  void moreRowsThanAnIntHoldsAreCut() {
    MiniBatches batches = new MiniBatches(5_000_000_001L, 1000, 4);
    assertEquals(5_000_001, batches.steps());
    assertEquals(new MicroBatchRange(5_000_000_000L, 1), batches.microBatch(5_000_000, 0));
  }

  @Test
  void sizesBelowOneAreRefused() {
    assertThrows(IllegalArgumentException.class, () -> new MiniBatches(-1, 1, 1));
    assertThrows(IllegalArgumentException.class, () -> new MiniBatches(1, 0, 1));
    assertThrows(IllegalArgumentException.class, () -> new MiniBatches(1, 1, 0));
  }

  private static List<Integer> sizes(MiniBatches batches, int step) {
    return IntStream.range(0, batches.microBatchesOf(step))
        .mapToObj(i -> batches.microBatch(step, i).rows())
        .toList();
  }
}
