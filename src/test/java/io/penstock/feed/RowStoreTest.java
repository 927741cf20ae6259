package io.penstock.feed;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.BufferOverflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RowStoreTest {
  private static final int WIDTH = 3;
  private static final int SEGMENT_BYTES = 1024 * WIDTH * Float.BYTES;

  @TempDir Path directory;

  @Test
  void rowsComeBackWhereverTheyLie() {
    int rows = 3000;
    for (int segments = 0; segments < 4; segments++) {
      try (RowStore store = store(rows, (long) segments * SEGMENT_BYTES)) {
        assertEquals(rows, store.rows());
        assertEquals(WIDTH, store.width());
        assertEquals(segments < 3, store.spilled());
        float[] all = new float[rows * WIDTH];
        store.read(0, rows, FloatBuffer.wrap(all));
        for (int i = 0; i < all.length; i++) {
          assertEquals(i, all[i]);
        }
        float[] across = new float[2 * WIDTH + 1];
        store.read(1023, 2, FloatBuffer.wrap(across, 1, across.length - 1));
        assertArrayEquals(new float[] {0, 3069, 3070, 3071, 3072, 3073, 3074}, across);
      }
    }
  }

  @Test
  void rowsThatExceedTheReadBufferComeBack() {
    int rows = RowStoreWriter.IO_BYTES / (WIDTH * Float.BYTES) + 1000;
    try (RowStore store = store(rows, 0)) {
      float[] all = new float[rows * WIDTH];
      store.read(0, rows, FloatBuffer.wrap(all));
      for (int i = 0; i < all.length; i++) {
        assertEquals(i, all[i]);
      }
    }
  }

  @Test
  void rowsThatDifferInWidthComeBackWhereverTheyLie() {
    for (int count : new int[] {0, 1, 1023, 1024, 1025, 3000}) {
      VaryingRows rows = VaryingRows.random(count, count);
      for (long memory : new long[] {1 << 20, 40_000, 20_000, 0}) {
        try (RowStore store = rows.store(VaryingRows.MOST, memory, directory)) {
          assertEquals(count, store.rows());
          assertTrue(store.varies());
          for (int row = 0; row < count; row++) {
            assertEquals(rows.widths()[row], store.width(row));
            float[] values = new float[rows.widths()[row]];
            store.read(row, 1, FloatBuffer.wrap(values));
            assertArrayEquals(rows.row(row), values);
          }
          FloatBuffer all = FloatBuffer.allocate((int) store.size());
          store.read(0, count, all);
          assertEquals(0, all.remaining());
          all.flip();
          for (int row = 0; row < count; row++) {
            for (float value : rows.row(row)) {
              assertEquals(value, all.get());
            }
          }
        }
      }
    }
  }

  @Test
  void shortRowsTakeNoMoreThanTheirNumbers() {
    VaryingRows rows = VaryingRows.random(3000, 1);
    int bytes = Arrays.stream(rows.widths()).sum() * Float.BYTES;
    for (int allowed : new int[] {VaryingRows.MOST, 10_000}) {
      try (RowStore store = rows.store(allowed, bytes, directory);
          RowStore less = rows.store(allowed, bytes - 1, directory)) {
        assertFalse(store.spilled());
        assertTrue(less.spilled());
        assertEquals(allowed, store.width());
      }
    }
  }

  @Test
  void noFileOutlivesTheStore() throws IOException {
    RowStore store = store(2000, 0);
    assertTrue(store.spilled());
    store.close();
    store.close();
    try (var left = Files.list(directory)) {
      assertEquals(0, left.count());
    }
  }

  @Test
  void anEmptyStoreHasNoRowsAndNoFile() {
    try (RowStore store = store(0, 0)) {
      assertEquals(0, store.rows());
      assertFalse(store.spilled());
    }
  }

  @Test
  void rowsThatAreNotThereAreRefused() {
    try (RowStore store = store(10, 1 << 20)) {
      float[] into = new float[2 * WIDTH];
      assertThrows(IndexOutOfBoundsException.class, () -> store.read(9, 2, FloatBuffer.wrap(into)));
      assertThrows(
          BufferOverflowException.class,
          () -> store.read(0, 2, FloatBuffer.wrap(into, 1, into.length - 1)));
    }
  }

  @Test
  void aClosedStoreIsNotRead() {
    RowStore store = store(10, 1 << 20);
    store.close();
    assertThrows(IllegalStateException.class, () -> store.read(0, 1, FloatBuffer.allocate(WIDTH)));
  }

  @Test
  void aDirectoryThatCannotBeWrittenIsNamed() throws IOException {
    Path file = Files.createFile(directory.resolve("file"));
    RowStoreWriter writer = new RowStoreWriter(new RowWidth(WIDTH, false), 0, file);
    UncheckedIOException thrown =
        assertThrows(UncheckedIOException.class, () -> writer.append(new byte[12], 0, WIDTH));
    assertTrue(thrown.getMessage().contains(file.toString()), thrown.getMessage());
    assertTrue(thrown.getMessage().contains("spark.local.dir"), thrown.getMessage());
  }

  private RowStore store(int rows, long memoryBytes) {
    RowStoreWriter writer = new RowStoreWriter(new RowWidth(WIDTH, false), memoryBytes, directory);
    ByteBuffer row = ByteBuffer.allocate(WIDTH * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < rows; i++) {
      row.clear();
      for (int j = 0; j < WIDTH; j++) {
        row.putFloat(i * WIDTH + j);
      }
      writer.append(row.array(), 0, WIDTH);
    }
    return writer.finish();
  }
}
