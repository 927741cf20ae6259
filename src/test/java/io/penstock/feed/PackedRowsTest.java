package io.penstock.feed;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.feed.FeatureColumns.Layout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.junit.jupiter.api.Test;

class PackedRowsTest {
  @Test
  void everyRowIsPackedOnceForEachEnd() {
    List<RowBlock> blocks = pack(rows(5000), 2);
    assertEquals(5000, packed(blocks, RowBlock.Part.FEATURES, 2));
    assertEquals(5000, packed(blocks, RowBlock.Part.LABELS, 1));
  }

  @Test
  void bothEndsKnowARowByTheSameKey() {
    List<RowBlock> blocks = pack(rows(300), 2);
    assertEquals(keys(blocks, RowBlock.Part.FEATURES, 2), keys(blocks, RowBlock.Part.LABELS, 1));
    assertEquals(300, keys(blocks, RowBlock.Part.LABELS, 1).size());
  }

  @Test
  void rowsLieInTheBucketOfTheirKey() {
    for (RowBlock block : pack(rows(300), 2)) {
      assertEquals(block.bucket(), RowKey.read(block.buffer(), 0).bucket());
    }
  }

  @Test
  void aFullBlockIsClosedBeforeTheEnd() {
    // All rows are alike and fall in one bucket: only its two blocks can fill.
    Row row = RowFactory.create(1, 2, 3);
    Iterator<Row> endless = Collections.nCopies(Integer.MAX_VALUE, row).iterator();
    PackedRows packed = packed(endless, 2);
    for (int i = 0; i < 20; i++) {
      int bytes = packed.next()._2().length;
      assertTrue(bytes > 100_000 && bytes <= 131_072, "block of " + bytes + " bytes");
    }
  }

  @Test
  void aRowWiderThanABlockHasABlockOfItsOwn() {
    int width = 50_000;
    Object[] wide = new Object[width + 1];
    Arrays.fill(wide, 1f);
    Row row = RowFactory.create(wide);
    List<RowBlock> blocks = pack(List.of(row, row, row), width);
    assertEquals(3, blocks.stream().filter(b -> b.part() == RowBlock.Part.FEATURES).count());
    assertEquals(3, packed(blocks, RowBlock.Part.FEATURES, width));
  }

  @Test
  void aShortSequenceIsPackedWithItsLengthAndNoPadding() {
    FeatureColumns columns =
        new FeatureColumns(List.of("x"), "y", Layout.SEQUENCE, Layout.SEQUENCE, 1000);
    Row row = RowFactory.create(new int[] {5, 6, 7}, new long[] {1, -100, 0});
    PackedRows packed =
        new PackedRows(List.of(row).iterator(), new RowDecoder(columns, LabelKind.ids(2), 0), 42);
    List<RowBlock> blocks = new ArrayList<>();
    packed.forEachRemaining(block -> blocks.add(RowBlock.of(block._1(), block._2())));
    assertEquals(2, blocks.size());
    float[][] wanted = {{5, 6, 7}, {1, -1, 0}};
    for (int part = 0; part < 2; part++) {
      ByteBuffer buffer = blocks.get(part).buffer();
      assertEquals(RowKey.BYTES + Integer.BYTES + 3 * Float.BYTES, buffer.capacity());
      assertEquals(3, buffer.getInt(RowKey.BYTES));
      for (int i = 0; i < 3; i++) {
        int at = RowKey.BYTES + Integer.BYTES + i * Float.BYTES;
        assertEquals(wanted[part][i], buffer.getFloat(at));
      }
    }
    assertEquals(RowKey.read(blocks.get(0).buffer(), 0), RowKey.read(blocks.get(1).buffer(), 0));
  }

  @Test
  void theWeightGoesWithTheLabelAndLeavesTheKeyAsItIs() {
    List<RowBlock> plain = pack(List.of(RowFactory.create(5, 6, 7)), 2);
    List<String> names = List.of("f0", "f1");
    FeatureColumns columns = new FeatureColumns(names, "y", Layout.COLUMNS, Layout.COLUMNS, 2, "w");
    Row row = RowFactory.create(5, 6, 7, 0.5);
    PackedRows packed =
        new PackedRows(List.of(row).iterator(), new RowDecoder(columns, LabelKind.real(), 0), 42);
    assertArrayEquals(plain.get(0).bytes(), packed.next()._2());
    byte[] answer = packed.next()._2();
    byte[] label = plain.get(1).bytes();
    assertArrayEquals(label, Arrays.copyOf(answer, label.length));
    ByteBuffer bytes = ByteBuffer.wrap(answer).order(ByteOrder.LITTLE_ENDIAN);
    assertEquals(label.length + Float.BYTES, answer.length);
    assertEquals(0.5f, bytes.getFloat(label.length));
  }

  @Test
  void anEmptyPartitionMakesNoBlocks() {
    assertEquals(List.of(), pack(List.of(), 2));
  }

  static List<Row> rows(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> (Row) RowFactory.create(i, i + 0.5, i % 10))
        .toList();
  }

  static List<RowBlock> pack(List<Row> rows, int width) {
    PackedRows packed = packed(rows.iterator(), width);
    List<RowBlock> blocks = new ArrayList<>();
    packed.forEachRemaining(block -> blocks.add(RowBlock.of(block._1(), block._2())));
    return blocks;
  }

  static FeatureColumns columns(int width) {
    List<String> names = IntStream.range(0, width).mapToObj(i -> "f" + i).toList();
    return new FeatureColumns(names, "y", Layout.COLUMNS, width);
  }

  private static PackedRows packed(Iterator<Row> rows, int width) {
    FeatureColumns columns = columns(width);
    return new PackedRows(rows, new RowDecoder(columns, LabelKind.real(), 0), 42);
  }

  private static long packed(List<RowBlock> blocks, RowBlock.Part part, int width) {
    return blocks.stream()
        .filter(block -> block.part() == part)
        .mapToLong(block -> block.bytes().length / RowBlock.rowBytes(width))
        .sum();
  }

  private static Set<RowKey> keys(List<RowBlock> blocks, RowBlock.Part part, int width) {
    Set<RowKey> keys = new HashSet<>();
    for (RowBlock block : blocks) {
      if (block.part() == part) {
        for (int at = 0; at < block.bytes().length; at += RowBlock.rowBytes(width)) {
          keys.add(RowKey.read(block.buffer(), at));
        }
      }
    }
    return keys;
  }
}
