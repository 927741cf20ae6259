package io.penstock.feed;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Queue;
import org.apache.spark.sql.Row;
import scala.Tuple2;

/**
 * Iterator over one partition's rows as numbered blocks, packed while they are read. For one
 * thread. Holds one unfinished block per bucket and part: a few tens of MiB, whatever the size of
 * the partition.
 */
final class PackedRows implements Iterator<Tuple2<Integer, byte[]>> {
  /** Bytes that a block may have. Few, since Java serialization remembers blocks. */
  private static final int BLOCK_BYTES = 128 << 10;

  /**
   * Bytes that a block of validation rows may have, which are fewer: their blocks fill slowly and
   * are all open.
   */
  private static final int VALIDATION_BYTES = 32 << 10;

  private final Iterator<Row> rows;
  private final RowDecoder decoder;
  private final RowRole role;
  private final float[] values;
  private final ByteBuffer seedAndRow;
  private final ByteBuffer[] open = new ByteBuffer[4 * RowKey.BUCKETS];
  private final Queue<Tuple2<Integer, byte[]>> closed = new ArrayDeque<>();
  private int drained;

  /** Blocks of rows that are all trained on. */
  PackedRows(Iterator<Row> rows, RowDecoder decoder, long seed) {
    this(rows, decoder, RowRole.ALL_TRAIN, seed);
  }

  PackedRows(Iterator<Row> rows, RowDecoder decoder, RowRole role, long seed) {
    this.rows = rows;
    this.decoder = decoder;
    this.role = role;
    int most = Math.addExact(decoder.featureWidth().most(), decoder.targetWidth().most());
    this.values = new float[most];
    this.seedAndRow = allocate(Math.addExact(Long.BYTES, Math.multiplyExact(most, Float.BYTES)));
    seedAndRow.putLong(0, seed);
  }

  @Override
  public boolean hasNext() {
    while (closed.isEmpty() && rows.hasNext()) {
      Row row = rows.next();
      pack(row, role.isValidation(row) ? RowKey.BUCKETS : 0);
    }
    while (closed.isEmpty() && drained < open.length) {
      close(drained++);
    }
    return !closed.isEmpty();
  }

  @Override
  public Tuple2<Integer, byte[]> next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    return closed.remove();
  }

  private void pack(Row row, int firstBucket) {
    int features = decoder.decode(row, values);
    RowWidth targetWidth = decoder.targetWidth();
    int weights = decoder.weightFloats();
    int answer = targetWidth.varies() ? features + weights : targetWidth.most();
    seedAndRow.position(Long.BYTES);
    for (int i = 0; i < features + answer; i++) {
      seedAndRow.putFloat(values[i]);
    }
    int end = seedAndRow.position();
    // Without the weight: other weights leave the rows in the same order.
    RowKey key = RowKey.of(seedAndRow.array(), end - weights * Float.BYTES);
    int bucket = firstBucket + key.bucket();
    int answerAt = end - answer * Float.BYTES;
    append(
        RowBlock.number(bucket, RowBlock.Part.FEATURES),
        key,
        decoder.featureWidth(),
        Long.BYTES,
        answerAt);
    append(RowBlock.number(bucket, RowBlock.Part.LABELS), key, targetWidth, answerAt, end);
  }

  private void append(int number, RowKey key, RowWidth width, int from, int to) {
    int bytes = RowKey.BYTES + width.countBytes() + to - from;
    int most = number < 2 * RowKey.BUCKETS ? BLOCK_BYTES : VALIDATION_BYTES;
    if (open[number] != null && open[number].position() + bytes > most) {
      close(number);
    }
    ByteBuffer block = withRoom(open[number], bytes, most);
    key.write(block);
    if (width.varies()) {
      block.putInt((to - from) / Float.BYTES);
    }
    block.put(seedAndRow.array(), from, to - from);
    open[number] = block;
  }

  /**
   * Returns the block with room for some bytes more: grown by doubling, for partitions may be
   * small.
   */
  private static ByteBuffer withRoom(ByteBuffer block, int bytes, int most) {
    if (block == null) {
      return allocate(bytes);
    }
    if (block.remaining() >= bytes) {
      return block;
    }
    int size = Math.min(Math.max(most, bytes), 2 * block.capacity() + bytes);
    return allocate(size).put(block.flip());
  }

  private void close(int number) {
    ByteBuffer block = open[number];
    if (block != null) {
      closed.add(new Tuple2<>(number, Arrays.copyOf(block.array(), block.position())));
      open[number] = null;
    }
  }

  private static ByteBuffer allocate(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
