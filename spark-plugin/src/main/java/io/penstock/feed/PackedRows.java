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
 * One partition's rows as numbered blocks, packed while they are read. Holds one unfinished block
 * per bucket and part: a few tens of MiB, whatever the size of the partition.
 */
final class PackedRows implements Iterator<Tuple2<Integer, byte[]>> {
  /** A block is closed before it passes this. Small, since Java serialization remembers blocks. */
  private static final int BLOCK_BYTES = 128 << 10;

  private final Iterator<Row> rows;
  private final RowDecoder decoder;
  private final float[] values;
  private final ByteBuffer seedAndRow;
  private final ByteBuffer[] open = new ByteBuffer[2 * RowKey.BUCKETS];
  private final Queue<Tuple2<Integer, byte[]>> closed = new ArrayDeque<>();
  private int drained;

  PackedRows(Iterator<Row> rows, RowDecoder decoder, long seed) {
    this.rows = rows;
    this.decoder = decoder;
    int most = Math.addExact(decoder.featureWidth().most(), decoder.answerWidth().most());
    this.values = new float[most];
    this.seedAndRow = allocate(Math.addExact(Long.BYTES, Math.multiplyExact(most, Float.BYTES)));
    seedAndRow.putLong(0, seed);
  }

  @Override
  public boolean hasNext() {
    while (closed.isEmpty() && rows.hasNext()) {
      pack(rows.next());
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

  private void pack(Row row) {
    int features = decoder.decode(row, values);
    RowWidth answerWidth = decoder.answerWidth();
    int weights = decoder.weightFloats();
    int answer = answerWidth.varies() ? features + weights : answerWidth.most();
    seedAndRow.position(Long.BYTES);
    for (int i = 0; i < features + answer; i++) {
      seedAndRow.putFloat(values[i]);
    }
    int end = seedAndRow.position();
    // Without the weight: other weights leave the rows in the same order.
    RowKey key = RowKey.of(seedAndRow.array(), end - weights * Float.BYTES);
    int answerAt = end - answer * Float.BYTES;
    append(Block.Part.FEATURES, key, decoder.featureWidth(), Long.BYTES, answerAt);
    append(Block.Part.LABELS, key, answerWidth, answerAt, end);
  }

  private void append(Block.Part part, RowKey key, RowWidth width, int from, int to) {
    int number = Block.number(key.bucket(), part);
    int bytes = RowKey.BYTES + width.countBytes() + to - from;
    if (open[number] != null && open[number].position() + bytes > BLOCK_BYTES) {
      close(number);
    }
    ByteBuffer block = withRoom(open[number], bytes);
    key.write(block);
    if (width.varies()) {
      block.putInt((to - from) / Float.BYTES);
    }
    block.put(seedAndRow.array(), from, to - from);
    open[number] = block;
  }

  /** The block with room for some bytes more: grown by doubling, for partitions may be small. */
  private static ByteBuffer withRoom(ByteBuffer block, int bytes) {
    if (block == null) {
      return allocate(bytes);
    }
    if (block.remaining() >= bytes) {
      return block;
    }
    int size = Math.min(Math.max(BLOCK_BYTES, bytes), 2 * block.capacity() + bytes);
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
