package io.penstock.feed;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.testing.LocalSpark;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The whole way of sequences, from a DataFrame to the micro-batches at both ends. */
@Timeout(120)
@LocalSpark
class SequenceFeedTest {
  private static final int LONGEST = 12;
  private static final LabelKind KIND = LabelKind.ids(50);
  private static final StructType SCHEMA =
      new StructType()
          .add("ids", DataTypes.createArrayType(DataTypes.IntegerType))
          .add("next", DataTypes.createArrayType(DataTypes.LongType));

  private static SparkSession spark;

  @TempDir static Path directory;

  @BeforeAll
  static void start(SparkSession session) {
    spark = session;
  }

  @Test
  void anyLengthsPartitionsRanksAndMicroBatchesFeedTheSameRowsInTheSameOrder() {
    for (int seed = 0; seed < 12; seed++) {
      Random random = new Random(seed);
      List<Row> rows = rows(1 + random.nextInt(200), 1 + random.nextInt(LONGEST), random);
      int batchSize = 1 + random.nextInt(40);
      Dataset<Row> data = spark.createDataFrame(rows, SCHEMA);
      List<Sequence> fed = epoch(data.coalesce(1), new Way(seed, 1, batchSize, 1, 1 << 20));
      assertEquals(sorted(sequences(rows)), sorted(fed));
      Collections.shuffle(rows, random);
      Dataset<Row> again = spark.createDataFrame(rows, SCHEMA).repartition(1 + random.nextInt(9));
      for (long memory : new long[] {1 << 20, 0}) {
        Way other = new Way(seed, 1 + random.nextInt(4), batchSize, 1 + random.nextInt(9), memory);
        assertEquals(fed, epoch(again, other), () -> other + " of " + rows.size());
      }
    }
  }

  @Test
  void anotherSeedGivesAnotherOrder() {
    List<Row> rows = rows(100, LONGEST, new Random(1));
    Dataset<Row> data = spark.createDataFrame(rows, SCHEMA);
    List<Sequence> one = epoch(data, new Way(1, 1, 10, 2, 1 << 20));
    List<Sequence> two = epoch(data, new Way(2, 1, 10, 2, 1 << 20));
    assertTrue(!one.equals(two) && sorted(one).equals(sorted(two)));
  }

  @Test
  void aSequenceMayHaveASingleLabel() {
    List<Row> rows = rows(60, LONGEST, new Random(4));
    Dataset<Row> data =
        spark.createDataFrame(rows, SCHEMA).selectExpr("ids", "size(ids) - 1 as one");
    LabelKind kind = LabelKind.classId(LONGEST);
    FeatureColumns columns = FeatureColumns.sequences(data.schema(), "ids", "one", kind, LONGEST);
    List<RowBlock> blocks = Feed.blocks(data, columns, kind, 1, RowEnds.of(1, 0, 0)).collect();
    try (Stores stores = Stores.build(blocks.iterator(), columns, kind, 1 << 20, directory)) {
      MiniBatches batches = new MiniBatches(60, 60, 1);
      EpochOrder order = new EpochOrder(60, 1, 0);
      INDArray ids = new BatchReader(stores.features(), order, batches).read(0, 0);
      INDArray labels = new BatchReader(stores.labels(), order, batches).read(0, 0);
      assertArrayEquals(new long[] {60, 1}, labels.shape());
      for (int row = 0; row < 60; row++) {
        int length = length(ids.getRow(row).toFloatVector());
        assertEquals(length - 1, labels.getFloat(row, 0));
      }
    }
  }

  @Test
  void columnsFoundForAnotherKindOfLabelAreRefusedBeforeAJob() {
    Dataset<Row> data = spark.createDataFrame(rows(5, 3, new Random(1)), SCHEMA);
    FeatureColumns columns = columns();
    assertThrows(
        IllegalArgumentException.class,
        () -> Feed.blocks(data, columns, LabelKind.classId(3), 1, RowEnds.of(1, 0, 0)));
  }

  /** What must not matter, but for the seed. */
  private record Way(long seed, int ranks, int batchSize, int microBatches, long memory) {}

  private static FeatureColumns columns() {
    return FeatureColumns.sequences(SCHEMA, "ids", "next", KIND, LONGEST);
  }

  /** The rows of one epoch without their padding, which is checked on the way. */
  private static List<Sequence> epoch(Dataset<Row> data, Way way) {
    int last = way.ranks - 1;
    List<List<RowBlock>> parts =
        Feed.blocks(data, columns(), KIND, way.seed, RowEnds.of(way.ranks, 0, last))
            .glom()
            .collect();
    try (Stores first = build(parts.get(0), way.memory);
        Stores end = build(parts.get(last), way.memory)) {
      long rows = first.features().rows();
      MiniBatches batches = new MiniBatches(rows, way.batchSize, way.microBatches);
      EpochOrder order = new EpochOrder(rows, way.seed, 0);
      BatchReader inputs = new BatchReader(first.features(), order, batches);
      BatchReader labels = new BatchReader(end.labels(), order, batches);
      List<Sequence> all = new ArrayList<>();
      for (int step = 0; step < batches.steps(); step++) {
        for (int i = 0; i < batches.microBatchesOf(step); i++) {
          List<Sequence> some = unpadded(inputs.read(step, i), labels.read(step, i));
          assertEquals(batches.microBatch(step, i).rows(), some.size());
          all.addAll(some);
        }
      }
      return all;
    }
  }

  private static List<Sequence> unpadded(INDArray ids, INDArray labels) {
    assertArrayEquals(ids.shape(), labels.shape());
    int rows = (int) ids.size(0);
    int width = (int) ids.size(1);
    float[] idValues = ids.data().asFloat();
    float[] labelValues = labels.data().asFloat();
    List<Sequence> sequences = new ArrayList<>();
    int longest = 0;
    for (int row = 0; row < rows; row++) {
      float[] id = Arrays.copyOfRange(idValues, row * width, (row + 1) * width);
      float[] label = Arrays.copyOfRange(labelValues, row * width, (row + 1) * width);
      int length = length(id);
      for (int i = length; i < width; i++) {
        assertEquals(-1, id[i]);
        assertEquals(-1, label[i]);
      }
      longest = Math.max(longest, length);
      sequences.add(
          new Sequence(list(Arrays.copyOf(id, length)), list(Arrays.copyOf(label, length))));
    }
    assertEquals(longest, width);
    return sequences;
  }

  private static int length(float[] padded) {
    int length = padded.length;
    while (length > 0 && padded[length - 1] == -1) {
      length--;
    }
    return length;
  }

  private static Stores build(List<RowBlock> blocks, long memory) {
    return Stores.build(blocks.iterator(), columns(), KIND, memory, directory);
  }

  /** Some rows are there twice; some labels are to be ignored. */
  private static List<Row> rows(int count, int longest, Random random) {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      if (i > 0 && random.nextInt(10) == 0) {
        rows.add(rows.get(i - 1));
        continue;
      }
      int[] ids = random.ints(1 + random.nextInt(longest), 0, 50).toArray();
      Long[] next =
          Arrays.stream(ids).mapToObj(id -> id % 5 == 0 ? -100L : id - 1L).toArray(Long[]::new);
      rows.add(RowFactory.create(IntStream.of(ids).boxed().toArray(Integer[]::new), next));
    }
    return rows;
  }

  private record Sequence(List<Integer> ids, List<Integer> labels) {}

  private static List<Sequence> sequences(List<Row> rows) {
    return rows.stream()
        .map(
            row -> {
              List<Integer> ids = List.of((Integer[]) row.get(0));
              List<Integer> labels =
                  Arrays.stream((Long[]) row.get(1))
                      .map(id -> Math.max(-1, id.intValue()))
                      .toList();
              return new Sequence(ids, labels);
            })
        .toList();
  }

  private static List<Sequence> sorted(List<Sequence> sequences) {
    return sequences.stream().sorted(Comparator.comparing(Sequence::toString)).toList();
  }

  private static List<Integer> list(float[] values) {
    List<Integer> list = new ArrayList<>();
    for (float value : values) {
      list.add((int) value);
    }
    return list;
  }
}
