package io.penstock.feed;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;

/**
 * What one rank keeps of the rows: the first its features, the last its labels, a lone one both.
 * The other parts have no rows and cost nothing. Row i of the features belongs to row i of the
 * labels, wherever the two are.
 */
public record Stores(RowStore features, RowStore labels) implements AutoCloseable {

  /**
   * Takes in one partition of {@link Feed#blocks}, a bucket at a time.
   *
   * @param blocks the partition's blocks, in its order
   * @param width features of a row; a label is one float
   * @param memoryBytes off-heap memory for the rows; the rest goes to a file
   * @param directory where that file may lie: local, with room
   * @throws java.io.UncheckedIOException if that file cannot be written
   */
  public static Stores build(Iterator<Block> blocks, int width, long memoryBytes, Path directory) {
    long labelBytes = memoryBytes / (width + 1);
    RowStoreWriter features = new RowStoreWriter(width, memoryBytes - labelBytes, directory);
    RowStoreWriter labels = new RowStoreWriter(1, labelBytes, directory);
    boolean built = false;
    try {
      List<Block> group = new ArrayList<>();
      while (blocks.hasNext()) {
        Block block = blocks.next();
        if (!group.isEmpty() && group.get(0).number() != block.number()) {
          if (group.get(0).number() > block.number()) {
            throw new IllegalStateException(
                "blocks are out of order: bucket " + block.bucket() + " after a later one");
          }
          appendSorted(group, features, labels, width);
          group.clear();
        }
        group.add(block);
      }
      appendSorted(group, features, labels, width);
      Stores stores = new Stores(features.finish(), labels.finish());
      built = true;
      return stores;
    } finally {
      if (!built) {
        features.abandon();
        labels.abandon();
      }
    }
  }

  private static void appendSorted(
      List<Block> group, RowStoreWriter features, RowStoreWriter labels, int width) {
    List<Placed> rows = new ArrayList<>();
    for (Block block : group) {
      int rowBytes = Block.rowBytes(block.part() == Block.Part.FEATURES ? width : 1);
      ByteBuffer buffer = block.buffer();
      for (int at = 0; at < buffer.capacity(); at += rowBytes) {
        rows.add(new Placed(RowKey.read(buffer, at), block, at + RowKey.BYTES));
      }
    }
    Collections.sort(rows);
    for (Placed row : rows) {
      RowStoreWriter writer = row.block.part() == Block.Part.FEATURES ? features : labels;
      writer.append(row.block.bytes(), row.offset);
    }
  }

  /** A row on its way from its block to its place. */
  private record Placed(RowKey key, Block block, int offset) implements Comparable<Placed> {
    @Override
    public int compareTo(Placed other) {
      return key.compareTo(other.key);
    }
  }

  /** Frees both. */
  @Override
  public void close() {
    try (labels) {
      features.close();
    }
  }
}
