package io.penstock.feed;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

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
   * @param columns what the blocks were packed from
   * @param labels what a label is
   * @param memoryBytes off-heap memory for the rows; the rest goes to a file
   * @param directory where that file may lie: local, with room
   * @throws java.io.UncheckedIOException if that file cannot be written
   */
  public static Stores build(
      Iterator<Block> blocks,
      FeatureColumns columns,
      LabelKind labels,
      long memoryBytes,
      Path directory) {
    return build(
        blocks, columns.featureWidth(), columns.labelWidth(labels), memoryBytes, directory);
  }

  private static Stores build(
      Iterator<Block> blocks,
      RowWidth featureWidth,
      RowWidth labelWidth,
      long memoryBytes,
      Path directory) {
    // By parts, so that the product cannot overflow.
    long labelBytes =
        memoryBytes / ((long) featureWidth.most() + labelWidth.most()) * labelWidth.most();
    RowStoreWriter features = new RowStoreWriter(featureWidth, memoryBytes - labelBytes, directory);
    RowStoreWriter labels = new RowStoreWriter(labelWidth, labelBytes, directory);
    EnumMap<Block.Part, RowStoreWriter> writers =
        new EnumMap<>(Map.of(Block.Part.FEATURES, features, Block.Part.LABELS, labels));
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
          appendSorted(group, writers);
          group.clear();
        }
        group.add(block);
      }
      appendSorted(group, writers);
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

  private static void appendSorted(List<Block> group, Map<Block.Part, RowStoreWriter> writers) {
    List<Placed> rows = new ArrayList<>();
    for (Block block : group) {
      RowWidth width = writers.get(block.part()).width();
      ByteBuffer buffer = block.buffer();
      int at = 0;
      while (at < buffer.capacity()) {
        RowKey key = RowKey.read(buffer, at);
        at += RowKey.BYTES;
        int floats = width.varies() ? buffer.getInt(at) : width.most();
        at += width.countBytes();
        rows.add(new Placed(key, block, at, floats));
        at += floats * Float.BYTES;
      }
    }
    Collections.sort(rows);
    for (Placed row : rows) {
      writers.get(row.block.part()).append(row.block.bytes(), row.offset, row.floats);
    }
  }

  /** A row on its way from its block to its place. */
  private record Placed(RowKey key, Block block, int offset, int floats)
      implements Comparable<Placed> {
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
