package io.penstock.feed;

import static org.apache.spark.ml.functions.array_to_vector;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.rand;
import static org.apache.spark.sql.functions.udf;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.testing.LocalSpark;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF1;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.ndarray.INDArray;

@Timeout(120)
@LocalSpark
class FeedTest {
  private static final int ROWS = 2500;
  private static final long SEED = 11;
  private static final LabelKind KIND = LabelKind.classId(10);
  private static final List<String> COLUMNS = List.of("a", "b", "c");

  private static SparkSession spark;
  private static Dataset<Row> data;

  @TempDir static Path directory;

  /** Rows of three features and a label, the last 100 of them twice. */
  @BeforeAll
  static void start(SparkSession session) {
    spark = session;
    Dataset<Row> distinct =
        spark
            .range(0, ROWS - 100, 1, 3)
            .selectExpr(
                "cast(id as float) a",
                "if(id % 3 = 0, 0d, id / 8d) b",
                "cast(id % 7 as int) c",
                "id % 10 y");
    data = distinct.union(distinct.where("a >= " + (ROWS - 200))).cache();
  }

  @Test
  void partitionsAndTheOrderOfRowsDoNotMatter() {
    List<Batch> wanted = epoch(data, COLUMNS, SEED, 1);
    assertEquals(wanted, epoch(data.coalesce(1), COLUMNS, SEED, 1));
    assertEquals(wanted, epoch(data.repartition(17), COLUMNS, SEED, 1));
    assertEquals(wanted, epoch(data.orderBy(rand(5)), COLUMNS, SEED, 1));
  }

  @Test
  void theNumberOfRanksDoesNotMatter() {
    List<Batch> wanted = epoch(data, COLUMNS, SEED, 1);
    assertEquals(wanted, epoch(data, COLUMNS, SEED, 2));
    assertEquals(wanted, epoch(data, COLUMNS, SEED, 4));
  }

  @Test
  void anotherSeedGivesAnotherOrder() {
    assertNotEquals(epoch(data, COLUMNS, SEED, 1), epoch(data, COLUMNS, SEED + 1, 1));
  }

  @Test
  void emptyPartitionsDoNotMatter() {
    Dataset<Row> few = data.where("a < 3");
    assertEquals(
        epoch(few.coalesce(1), COLUMNS, SEED, 2), epoch(few.repartition(17), COLUMNS, SEED, 2));
  }

  @Test
  void theLayoutOfTheFeaturesDoesNotMatter() {
    List<Batch> wanted = epoch(data, COLUMNS, SEED, 1);
    Dataset<Row> floats = data.selectExpr("array(a, cast(b as float), cast(c as float)) f", "y");
    Dataset<Row> doubles = data.selectExpr("array(cast(a as double), b, c) f", "y");
    Dataset<Row> dense = doubles.withColumn("f", array_to_vector(col("f")));
    UDF1<Vector, Vector> sparse = Vector::toSparse;
    Dataset<Row> sparses =
        dense.withColumn("f", udf(sparse, SQLDataTypes.VectorType()).apply(col("f")));
    for (Dataset<Row> layout : List.of(floats, doubles, dense, sparses)) {
      assertEquals(wanted, epoch(layout, List.of("f"), SEED, 1), layout.schema().simpleString());
    }
  }

  @Test
  void featuresAndLabelsStayPaired() {
    int rows = 0;
    for (Batch batch : epoch(data, COLUMNS, SEED, 3)) {
      for (int row = 0; row < batch.labels.size(); row++) {
        assertEquals(batch.features.get(3 * row) % 10, batch.labels.get(row));
        rows++;
      }
    }
    assertEquals(ROWS, rows);
  }

  @Test
  void featuresGoToTheFirstRankAndLabelsToTheLast() {
    JavaRDD<RowBlock> blocks = blocks(data, COLUMNS, SEED, 4);
    List<List<RowBlock.Part>> parts =
        blocks.mapPartitions(FeedTest::distinctParts).glom().collect();
    assertEquals(
        List.of(
            List.of(RowBlock.Part.FEATURES), List.of(), List.of(), List.of(RowBlock.Part.LABELS)),
        parts);
  }

  @Test
  void aDataFrameWithoutRowsMakesNoBlocks() {
    assertEquals(0, blocks(data.where("a < 0"), COLUMNS, SEED, 2).count());
  }

  @Test
  void aBadRowIsToldAtTheDriver() {
    told("is null", data.selectExpr("if(a = 5, null, a) a", "b", "c", "y"), "column 'a'");
    told("is NaN", data.selectExpr("a", "if(a = 5, double('NaN'), b) b", "c", "y"), "column 'b'");
    told("whole number", data.selectExpr("a", "b", "c", "y + 0.5 y"), "column 'y'");
    told("negative", data.selectExpr("a", "b", "c", "y - 10 y"), "column 'y'");
    told("from 0 to 9", data.selectExpr("a", "b", "c", "y + 1 y"), "column 'y'");
  }

  @Test
  void bothEndsMayBeOneRankWhicheverItIs() {
    List<List<RowBlock>> parts =
        Feed.blocks(data, FeatureColumns.of(data, COLUMNS, "y"), KIND, SEED, RowEnds.of(3, 1, 1))
            .glom()
            .collect();
    assertTrue(parts.get(0).isEmpty() && parts.get(2).isEmpty());
    assertEquals(
        Set.of(RowBlock.Part.FEATURES, RowBlock.Part.LABELS),
        parts.get(1).stream().map(RowBlock::part).collect(Collectors.toSet()));
  }

  @Test
  void bothEndsAreRanksOfThePipeline() {
    FeatureColumns columns = FeatureColumns.of(data, COLUMNS, "y");
    assertThrows(
        IndexOutOfBoundsException.class,
        () -> Feed.blocks(data, columns, KIND, SEED, RowEnds.of(2, 0, 2)));
    assertThrows(
        IndexOutOfBoundsException.class,
        () -> Feed.blocks(data, columns, KIND, SEED, RowEnds.of(0, 0, 0)));
  }

  private static Iterator<RowBlock.Part> distinctParts(Iterator<RowBlock> blocks) {
    List<RowBlock.Part> parts = new ArrayList<>();
    blocks.forEachRemaining(block -> parts.add(block.part()));
    return parts.stream().distinct().iterator();
  }

  private static void told(String why, Dataset<Row> bad, String column) {
    Exception thrown =
        assertThrows(Exception.class, () -> blocks(bad.coalesce(1), COLUMNS, SEED, 2).count());
    Throwable cause = thrown;
    while (cause != null && !(cause instanceof BadRowException)) {
      cause = cause.getCause();
    }
    String message = cause == null ? thrown.getMessage() : cause.getMessage();
    assertTrue(message.contains(why), message);
    assertTrue(message.contains(column), message);
    assertTrue(message.contains("of partition 0"), message);
  }

  private static JavaRDD<RowBlock> blocks(
      Dataset<Row> data, List<String> features, long seed, int ranks) {
    return Feed.blocks(
        data, FeatureColumns.of(data, features, "y"), KIND, seed, RowEnds.of(ranks, 0, ranks - 1));
  }

  /** The micro-batches of one epoch. */
  private static List<Batch> epoch(Dataset<Row> data, List<String> features, long seed, int ranks) {
    List<List<RowBlock>> parts = blocks(data, features, seed, ranks).glom().collect();
    FeatureColumns columns = FeatureColumns.of(data, features, "y");
    try (Stores first = build(parts.get(0), columns);
        Stores last = build(parts.get(ranks - 1), columns)) {
      long rows = first.features().rows();
      MiniBatches batches = new MiniBatches(rows, 64, 3);
      Function<RowStore, BatchReader> reader =
          store -> new BatchReader(store, new EpochOrder(rows, seed, 0), batches);
      BatchReader inputs = reader.apply(first.features());
      BatchReader targets = reader.apply(last.labels());
      List<Batch> epoch = new ArrayList<>();
      for (int step = 0; step < batches.steps(); step++) {
        for (int i = 0; i < batches.microBatchesOf(step); i++) {
          epoch.add(Batch.of(inputs.read(step, i), targets.read(step, i)));
        }
      }
      return epoch;
    }
  }

  private static Stores build(List<RowBlock> blocks, FeatureColumns columns) {
    return Stores.build(blocks.iterator(), columns, KIND, 16 << 20, directory);
  }

  /** A micro-batch's values, equal only if their bits are. */
  private record Batch(List<Float> features, List<Float> labels) {
    static Batch of(INDArray features, INDArray labels) {
      return new Batch(values(features), values(labels));
    }

    private static List<Float> values(INDArray array) {
      List<Float> values = new ArrayList<>();
      for (float value : array.data().asFloat()) {
        values.add(value);
      }
      return values;
    }
  }
}
