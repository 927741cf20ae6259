package io.penstock.feed;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoresTest {
  private static final long MUCH = 64 << 20;
  private static final FeatureColumns COLUMNS = PackedRowsTest.columns(2);

  @TempDir Path directory;

  @Test
  void featuresAndLabelsStayPaired() {
    try (Stores stores = build(PackedRowsTest.rows(3000), MUCH)) {
      float[] features = all(stores.features());
      float[] labels = all(stores.labels());
      for (int i = 0; i < 3000; i++) {
        assertEquals(features[2 * i] + 0.5f, features[2 * i + 1]);
        assertEquals(features[2 * i] % 10, labels[i]);
      }
    }
  }

  @Test
  void theOrderOfArrivalDoesNotMatter() {
    List<Row> rows = PackedRowsTest.rows(3000);
    List<Row> shuffled = new ArrayList<>(rows);
    Collections.shuffle(shuffled, new Random(1));
    try (Stores first = build(rows, MUCH);
        Stores second = build(shuffled, MUCH)) {
      assertArrayEquals(all(first.features()), all(second.features()));
      assertArrayEquals(all(first.labels()), all(second.labels()));
    }
  }

  @Test
  void aSpilledStoreEqualsOneInMemory() {
    List<Row> rows = PackedRowsTest.rows(5000);
    try (Stores memory = build(rows, MUCH);
        Stores mixed = build(rows, 30_000);
        Stores file = build(rows, 0)) {
      assertFalse(memory.features().spilled());
      assertTrue(mixed.features().spilled());
      assertTrue(file.labels().spilled());
      assertArrayEquals(all(memory.features()), all(mixed.features()));
      assertArrayEquals(all(memory.features()), all(file.features()));
      assertArrayEquals(all(memory.labels()), all(file.labels()));
    }
  }

  @Test
  void equalRowsAreAllKept() {
    Row row = RowFactory.create(1, 2, 3);
    try (Stores stores = build(Collections.nCopies(20_000, row), MUCH)) {
      assertEquals(20_000, stores.features().rows());
      assertEquals(20_000, stores.labels().rows());
    }
  }

  @Test
  void rowsThatDifferOnlyInWeightLieInItsOrder() {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < 3000; i++) {
      rows.add(RowFactory.create(i / 10, i / 10 + 0.5, i / 10 % 10, i % 10 * 0.5));
    }
    List<Row> shuffled = new ArrayList<>(rows);
    Collections.shuffle(shuffled, new Random(1));
    List<Row> plain =
        rows.stream().map(r -> RowFactory.create(r.get(0), r.get(1), r.get(2))).toList();
    try (Stores first = buildWeighted(rows);
        Stores second = buildWeighted(shuffled);
        Stores without = build(plain, MUCH)) {
      float[] answers = all(first.labels());
      assertArrayEquals(answers, all(second.labels()));
      float[] labels = all(without.labels());
      for (int i = 0; i < 3000; i++) {
        assertEquals(labels[i], answers[2 * i]);
        assertEquals(i % 10 * 0.5f, answers[2 * i + 1]);
      }
      assertArrayEquals(all(without.features()), all(first.features()));
      assertTrue(first.weighted() && !without.weighted());
    }
  }

  @Test
  void rowsThatAllHaveNoWeightAreRefusedAndLeaveNoFile() throws Exception {
    List<Row> rows = Collections.nCopies(3000, RowFactory.create(1, 2, 3, 0.0));
    String message = assertThrows(EmptyDataException.class, () -> buildWeighted(rows)).getMessage();
    assertTrue(message.startsWith("column 'w' is 0 in every row to train on"), message);
    try (var left = Files.list(directory)) {
      assertEquals(0, left.count());
    }
    buildWeighted(List.of()).close();
  }

  @Test
  void noBlocksMakeStoresWithoutRows() {
    try (Stores stores = build(List.of(), MUCH)) {
      assertEquals(0, stores.features().rows());
      assertEquals(0, stores.labels().rows());
    }
  }

  @Test
  void blocksOutOfOrderAreRefusedAndLeaveNoFile() throws Exception {
    List<RowBlock> blocks = new ArrayList<>(sorted(PackedRowsTest.rows(3000)));
    Collections.swap(blocks, 0, blocks.size() - 2);
    Iterator<RowBlock> iterator = blocks.iterator();
    assertThrows(
        IllegalStateException.class,
        () -> Stores.build(iterator, COLUMNS, LabelKind.real(), 0, directory));
    try (var left = Files.list(directory)) {
      assertEquals(0, left.count());
    }
  }

  private Stores build(List<Row> rows, long memoryBytes) {
    return Stores.build(sorted(rows).iterator(), COLUMNS, LabelKind.real(), memoryBytes, directory);
  }

  private Stores buildWeighted(List<Row> rows) {
    FeatureColumns columns =
        new FeatureColumns(
            COLUMNS.features(), "y", COLUMNS.layout(), COLUMNS.labelLayout(), 2, "w");
    List<RowBlock> blocks = new ArrayList<>();
    new PackedRows(rows.iterator(), new RowDecoder(columns, LabelKind.real(), 0), 42)
        .forEachRemaining(block -> blocks.add(RowBlock.of(block._1(), block._2())));
    blocks.sort(Comparator.comparingInt(RowBlock::number));
    return Stores.build(blocks.iterator(), columns, LabelKind.real(), 30_000, directory);
  }

  private static List<RowBlock> sorted(List<Row> rows) {
    return PackedRowsTest.pack(rows, 2).stream()
        .sorted(Comparator.comparingInt(RowBlock::number))
        .toList();
  }

  private static float[] all(RowStore store) {
    float[] values = new float[(int) store.rows() * store.width()];
    store.read(0, (int) store.rows(), FloatBuffer.wrap(values));
    return values;
  }
}
