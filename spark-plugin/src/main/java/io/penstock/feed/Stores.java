package io.penstock.feed;

import io.penstock.Internal;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/**
 * Stores of one rank's rows: the rank of the first stage keeps features, that of the last labels, a
 * lone one both. The other parts have no rows and cost nothing. Row i of the features belongs to
 * row i of the labels, wherever the two are. Immutable; any thread may read, none while another
 * closes it.
 *
 * @param features rows of features
 * @param labels rows of labels, each with the row's weight behind it if rows have weights
 * @param weighted whether they have
 * @param key sum of the labels' rows' sort keys and weights, which tells other rows from these
 */
@Internal
public record Stores(RowStore features, RowStore labels, boolean weighted, long key)
    implements AutoCloseable {
  /** Weight of features, and of labels without one: less than any sample weight. */
  private static final float NO_WEIGHT = -1;

  /**
   * Takes in one partition of {@link Feed#blocks}, a bucket at a time.
   *
   * @param blocks the partition's blocks, in its order
   * @param columns what the blocks were packed from
   * @param labels what a label is
   * @param memoryBytes off-heap memory for the rows; the rest goes to a file
   * @param directory where that file may lie: local, with room
   * @throws java.io.UncheckedIOException if that file cannot be written
   * @throws EmptyDataException if there are rows and all of their weights are 0
   */
  public static Stores build(
      Iterator<RowBlock> blocks,
      FeatureColumns columns,
      LabelKind labels,
      long memoryBytes,
      Path directory) {
    RowWidth featureWidth = columns.featureWidth();
    RowWidth targetWidth = columns.targetWidth(labels);
    // By parts, so that the product cannot overflow.
    long answerBytes =
        memoryBytes / ((long) featureWidth.most() + targetWidth.most()) * targetWidth.most();
    RowStoreWriter features =
        new RowStoreWriter(featureWidth, memoryBytes - answerBytes, directory);
    RowStoreWriter answers = new RowStoreWriter(targetWidth, answerBytes, directory);
    EnumMap<RowBlock.Part, RowStoreWriter> writers =
        new EnumMap<>(Map.of(RowBlock.Part.FEATURES, features, RowBlock.Part.LABELS, answers));
    boolean weighted = columns.weighted();
    Sum sum = new Sum();
    boolean built = false;
    try {
      List<RowBlock> group = new ArrayList<>();
      while (blocks.hasNext()) {
        RowBlock block = blocks.next();
        if (!group.isEmpty() && group.get(0).number() != block.number()) {
          if (group.get(0).number() > block.number()) {
            throw new IllegalStateException(
                "blocks are out of order: bucket " + block.bucket() + " after a later one");
          }
          appendSorted(group, writers, weighted, sum);
          group.clear();
        }
        group.add(block);
      }
      appendSorted(group, writers, weighted, sum);
      if (sum.heaviest == 0) {
        throw EmptyDataException.weightless(columns.weight());
      }
      Stores stores = new Stores(features.finish(), answers.finish(), weighted, sum.key);
      built = true;
      return stores;
    } finally {
      if (!built) {
        features.abandon();
        answers.abandon();
      }
    }
  }

  /** Sum of the rows that have come. */
  private static final class Sum {
    private float heaviest = NO_WEIGHT;
    private long key;

    void add(RowBlock.Part part, RowKey row, float weight) {
      heaviest = Math.max(heaviest, weight);
      if (part == RowBlock.Part.LABELS) {
        key += row.low() ^ Float.floatToIntBits(weight);
      }
    }
  }

  private static void appendSorted(
      List<RowBlock> group, Map<RowBlock.Part, RowStoreWriter> writers, boolean weighted, Sum sum) {
    List<Placed> rows = new ArrayList<>();
    for (RowBlock block : group) {
      RowWidth width = writers.get(block.part()).width();
      boolean weights = weighted && block.part() == RowBlock.Part.LABELS;
      ByteBuffer buffer = block.buffer();
      int at = 0;
      while (at < buffer.capacity()) {
        RowKey key = RowKey.read(buffer, at);
        at += RowKey.BYTES;
        int floats = width.varies() ? buffer.getInt(at) : width.most();
        at += width.countBytes();
        int end = at + floats * Float.BYTES;
        float weight = weights ? buffer.getFloat(end - Float.BYTES) : NO_WEIGHT;
        sum.add(block.part(), key, weight);
        rows.add(new Placed(key, weight, block, at, floats));
        at = end;
      }
    }
    Collections.sort(rows);
    for (Placed row : rows) {
      writers.get(row.block.part()).append(row.block.bytes(), row.offset, row.floats);
    }
  }

  /** Row of a block with its sort key. Rows of equal keys may differ in weight. */
  private record Placed(RowKey key, float weight, RowBlock block, int offset, int floats)
      implements Comparable<Placed> {
    @Override
    public int compareTo(Placed other) {
      int order = key.compareTo(other.key);
      return order != 0 ? order : Float.compare(weight, other.weight);
    }
  }

  /** Frees both stores. */
  @Override
  public void close() {
    try (labels) {
      features.close();
    }
  }
}
