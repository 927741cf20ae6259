package io.penstock.feed;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Random;

/** Rows of one to {@value #MOST} floats; the j-th of row i is {@code i · MOST + j}. */
record VaryingRows(int[] widths) {
  static final int MOST = 8;

  static VaryingRows random(int count, long seed) {
    return new VaryingRows(new Random(seed).ints(count, 1, MOST + 1).toArray());
  }

  float[] row(int row) {
    float[] values = new float[widths[row]];
    for (int j = 0; j < values.length; j++) {
      values[j] = row * MOST + j;
    }
    return values;
  }

  /**
   * @param allowed the widest row that the store must take
   */
  RowStore store(int allowed, long memoryBytes, Path directory) {
    RowStoreWriter writer = new RowStoreWriter(new RowWidth(allowed, true), memoryBytes, directory);
    ByteBuffer bytes = ByteBuffer.allocate(MOST * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < widths.length; i++) {
      bytes.clear();
      for (float value : row(i)) {
        bytes.putFloat(value);
      }
      writer.append(bytes.array(), 0, widths[i]);
    }
    return writer.finish();
  }
}
