package io.penstock.feed;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.penstock.array.Allocator;
import io.penstock.nn.SampleWeights;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

class BatchReaderTest {
  private static final int ROWS = 20_000;

  @TempDir Path directory;

  @Test
  void anEpochReadsEveryRowOnceInItsOrder() {
    EpochOrder order = new EpochOrder(ROWS, 1, 0);
    float[] wanted = new float[ROWS];
    int next = 0;
    for (int window = 0; window < order.windows(); window++) {
      for (long row : order.window(window)) {
        wanted[next++] = row;
      }
    }
    for (long memory : new long[] {1 << 20, 50_000, 0}) {
      try (RowStore store = store(ROWS, 1, memory)) {
        assertArrayEquals(wanted, epoch(store, order));
      }
    }
  }

  @Test
  void spilledWideRowsAreReadToo() {
    int width = 3000;
    EpochOrder order = new EpochOrder(50, 1, 0);
    try (RowStore memory = store(50, width, 64 << 20);
        RowStore file = store(50, width, 0)) {
      assertArrayEquals(epoch(memory, order), epoch(file, order));
    }
  }

  @Test
  void aMicroBatchIsItsOwnArrayOfRowsByWidth() {
    try (RowStore store = store(7, 2, 1 << 20)) {
      BatchReader reader =
          new BatchReader(store, new EpochOrder(7, 1, 0), new MiniBatches(7, 7, 4));
      INDArray last = reader.read(0, 3);
      assertArrayEquals(new long[] {1, 2}, last.shape());
      INDArray first = reader.read(0, 0);
      assertArrayEquals(new long[] {2, 2}, first.shape());
      assertEquals('c', first.ordering());
      assertEquals(DataType.FLOAT, first.dataType());
      INDArray again = reader.read(0, 0);
      assertNotSame(first.data(), again.data());
      assertArrayEquals(first.data().asFloat(), again.data().asFloat());
    }
  }

  @Test
  void aMicroBatchIsAsWideAsItsWidestRowAndShorterOnesEndInPadding() {
    // More than two windows, so that micro-batches cross from one into the next.
    VaryingRows rows = VaryingRows.random(ROWS, 3);
    EpochOrder order = new EpochOrder(ROWS, 1, 0);
    long[] places = new long[ROWS];
    int next = 0;
    for (int window = 0; window < order.windows(); window++) {
      for (long place : order.window(window)) {
        places[next++] = place;
      }
    }
    for (long memory : new long[] {1 << 20, 200_000, 0}) {
      // A window of the widest rows allowed would be too large to buffer; one of these is not.
      for (int allowed : new int[] {VaryingRows.MOST, 10_000}) {
        try (RowStore store = rows.store(allowed, memory, directory)) {
          MiniBatches batches = new MiniBatches(ROWS, 31, 7);
          BatchReader reader = new BatchReader(store, order, batches);
          for (int step = 0; step < batches.steps(); step++) {
            for (int i = 0; i < batches.microBatchesOf(step); i++) {
              MicroBatchRange range = batches.microBatch(step, i);
              INDArray batch = reader.read(step, i);
              float[][] wanted = padded(rows, places, range);
              assertArrayEquals(new long[] {range.rows(), wanted[0].length}, batch.shape());
              assertArrayEquals(wanted, batch.toFloatMatrix());
            }
          }
        }
      }
    }
  }

  private static float[][] padded(VaryingRows rows, long[] places, MicroBatchRange range) {
    float[][] padded = new float[range.rows()][];
    int widest = 0;
    for (int i = 0; i < range.rows(); i++) {
      padded[i] = rows.row((int) places[(int) range.start() + i]);
      widest = Math.max(widest, padded[i].length);
    }
    for (int i = 0; i < range.rows(); i++) {
      int own = padded[i].length;
      padded[i] = Arrays.copyOf(padded[i], widest);
      Arrays.fill(padded[i], own, widest, -1);
    }
    return padded;
  }

  @Test
  void theWeightOfARowIsNoPartOfItsBatch() {
    EpochOrder order = new EpochOrder(ROWS, 1, 0);
    MiniBatches batches = new MiniBatches(ROWS, 300, 7);
    for (long memory : new long[] {1 << 20, 50_000, 0}) {
      try (RowStore store = store(ROWS, 3, memory)) {
        BatchReader whole = new BatchReader(store, order, batches);
        BatchReader reader = new BatchReader(store, order, batches, true, Allocator.FRESH);
        assertSame(SampleWeights.ONE, whole.weights(3, 1));
        for (int step = 0; step < batches.steps(); step++) {
          for (int i = 0; i < batches.microBatchesOf(step); i++) {
            float[][] wanted = whole.read(step, i).toFloatMatrix();
            SampleWeights weights = reader.weights(step, i);
            float[][] read = reader.read(step, i).toFloatMatrix();
            for (int row = 0; row < wanted.length; row++) {
              assertArrayEquals(Arrays.copyOf(wanted[row], 2), read[row]);
              assertEquals(wanted[row][2], weights.at(row));
            }
          }
        }
      }
    }
  }

  @Test
  void rowsOfDifferentWidthHaveTheirWeightAtTheirEnd() {
    VaryingRows rows = VaryingRows.random(500, 3);
    EpochOrder order = new EpochOrder(500, 1, 0);
    MiniBatches batches = new MiniBatches(500, 31, 7);
    try (RowStore store = rows.store(VaryingRows.MOST, 0, directory)) {
      BatchReader reader = new BatchReader(store, order, batches, true, Allocator.FRESH);
      long[] places = order.window(0);
      for (int step = 0; step < batches.steps(); step++) {
        for (int i = 0; i < batches.microBatchesOf(step); i++) {
          MicroBatchRange range = batches.microBatch(step, i);
          SampleWeights weights = reader.weights(step, i);
          INDArray batch = reader.read(step, i);
          float[][] padded = padded(rows, places, range);
          assertEquals(padded[0].length - 1, batch.size(1));
          for (int row = 0; row < range.rows(); row++) {
            float[] wanted = rows.row((int) places[(int) range.start() + row]);
            assertEquals(wanted[wanted.length - 1], weights.at(row));
            padded[row][wanted.length - 1] = -1;
            for (int j = 0; j < padded[0].length - 1; j++) {
              assertEquals(padded[row][j], batch.getFloat(row, j));
            }
          }
        }
      }
    }
  }

  @Test
  void numbersOfRowsMustAgree() {
    try (RowStore store = store(7, 2, 1 << 20)) {
      assertThrows(
          IllegalArgumentException.class,
          () -> new BatchReader(store, new EpochOrder(8, 1, 0), new MiniBatches(7, 7, 4)));
    }
  }

  private static float[] epoch(RowStore store, EpochOrder order) {
    // Neither a run nor a window is a multiple of this batch size.
    MiniBatches batches = new MiniBatches(store.rows(), 300, 7);
    BatchReader reader = new BatchReader(store, order, batches);
    float[] all = new float[(int) store.rows() * store.width()];
    int next = 0;
    for (int step = 0; step < batches.steps(); step++) {
      for (int i = 0; i < batches.microBatchesOf(step); i++) {
        float[] values = reader.read(step, i).data().asFloat();
        System.arraycopy(values, 0, all, next, values.length);
        next += values.length;
      }
    }
    return Arrays.copyOf(all, next);
  }

  /** Row i holds i × width, i × width + 1, ... */
  private RowStore store(int rows, int width, long memoryBytes) {
    RowStoreWriter writer = new RowStoreWriter(new RowWidth(width, false), memoryBytes, directory);
    ByteBuffer row = ByteBuffer.allocate(width * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < rows; i++) {
      row.clear();
      for (int j = 0; j < width; j++) {
        row.putFloat(i * width + j);
      }
      writer.append(row.array(), 0, width);
    }
    return writer.finish();
  }
}
