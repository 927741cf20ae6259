package io.penstock.feed;

import static org.apache.spark.sql.functions.expr;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.testing.LocalSpark;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
@LocalSpark
class ValidationFeedTest {
  private static final LabelKind KIND = LabelKind.classId(10);
  private static final List<String> FEATURES = List.of("a", "b");
  private static final long MUCH = 16 << 20;

  private static SparkSession spark;
  private static Dataset<Row> data;

  @TempDir static Path directory;

  @BeforeAll
  static void start(SparkSession session) {
    spark = session;
    data =
        spark
            .range(0, 3000, 1, 3)
            .selectExpr("cast(id as float) a", "id / 8d b", "id % 10 y", "id % 7 = 0 held");
  }

  private static List<List<RowBlock>> blocks(Dataset<Row> rows, boolean split, int ranks) {
    FeatureColumns columns = FeatureColumns.of(rows, FEATURES, "y");
    Optional<ValidationColumn> held =
        split ? Optional.of(ValidationColumn.of(rows.schema(), "held")) : Optional.empty();
    return Feed.blocks(rows, columns, KIND, held, 11, RowEnds.of(ranks, 0, ranks - 1))
        .glom()
        .collect();
  }

  private static SplitStores build(List<RowBlock> blocks, long memory) {
    FeatureColumns columns = FeatureColumns.of(data, FEATURES, "y");
    return SplitStores.build(blocks.iterator(), columns, KIND, memory, directory);
  }

  private static float[] all(RowStore store) {
    float[] values = new float[(int) store.rows() * store.width()];
    store.read(0, (int) store.rows(), FloatBuffer.wrap(values));
    return values;
  }

  @Test
  void bothKindsOfRowsLieAsIfTheyHadComeAlone() {
    List<List<RowBlock>> split = blocks(data.repartition(5), true, 2);
    List<RowBlock> trained = blocks(data.where("not held"), false, 1).get(0);
    List<RowBlock> held = blocks(data.where("held"), false, 1).get(0);
    try (SplitStores first = build(split.get(0), MUCH);
        SplitStores last = build(split.get(1), MUCH);
        SplitStores training = build(trained, MUCH);
        SplitStores validation = build(held, MUCH)) {
      assertArrayEquals(all(training.training().features()), all(first.training().features()));
      assertArrayEquals(all(training.training().labels()), all(last.training().labels()));
      assertArrayEquals(all(validation.training().features()), all(first.validation().features()));
      assertArrayEquals(all(validation.training().labels()), all(last.validation().labels()));
      assertEquals(429, first.validation().features().rows());
      assertEquals(0, first.validation().labels().rows());
      assertEquals(0, training.validation().features().rows(), "without a column");
    }
  }

  @Test
  void heldBackRowsGetTheMemoryThatIsLeftAndSpillToo() throws Exception {
    List<RowBlock> blocks = blocks(data, true, 1).get(0);
    try (SplitStores memory = build(blocks, MUCH);
        SplitStores mixed = build(blocks, 45_000);
        SplitStores file = build(blocks, 0)) {
      assertTrue(file.training().features().spilled() && file.validation().labels().spilled());
      for (SplitStores stores : List.of(mixed, file)) {
        assertArrayEquals(all(memory.training().features()), all(stores.training().features()));
        assertArrayEquals(all(memory.validation().features()), all(stores.validation().features()));
        assertArrayEquals(all(memory.validation().labels()), all(stores.validation().labels()));
      }
    }
    try (var left = Files.list(directory)) {
      assertEquals(0, left.count());
    }
  }

  @Test
  void allRowsMayBeOfOneKind() {
    try (SplitStores none = build(blocks(data.where("not held"), true, 1).get(0), MUCH);
        SplitStores all = build(blocks(data.where("held"), true, 1).get(0), MUCH)) {
      assertEquals(2571, none.training().features().rows());
      assertEquals(0, none.validation().features().rows());
      assertEquals(0, all.training().features().rows());
      assertEquals(429, all.validation().features().rows());
    }
  }

  @Test
  void aNullIsRefusedWithItsRow() {
    Dataset<Row> bad = data.withColumn("held", expr("if(a = 5, null, held)"));
    Exception thrown = assertThrows(Exception.class, () -> blocks(bad.coalesce(1), true, 1));
    Throwable cause = thrown;
    while (!(cause instanceof BadRowException)) {
      cause = cause.getCause();
    }
    assertTrue(
        cause.getMessage().startsWith("Row 5 of partition 0: column 'held' is null"),
        cause.getMessage());
  }

  @Test
  void aColumnOfAnotherTypeIsRefusedBeforeAJob() {
    String told =
        assertThrows(IllegalArgumentException.class, () -> ValidationColumn.of(data.schema(), "y"))
            .getMessage();
    assertTrue(told.contains("'y' is of type bigint") && told.contains("boolean"), told);
    String missing =
        assertThrows(IllegalArgumentException.class, () -> ValidationColumn.of(data.schema(), "z"))
            .getMessage();
    assertTrue(missing.contains("no validation indicator column 'z'"), missing);
  }
}
