package io.penstock.bench.micro;

import io.penstock.feed.BatchReader;
import io.penstock.feed.EpochOrder;
import io.penstock.feed.FeatureColumns;
import io.penstock.feed.Feed;
import io.penstock.feed.LabelKind;
import io.penstock.feed.MiniBatches;
import io.penstock.feed.RowBlock;
import io.penstock.feed.RowEnds;
import io.penstock.feed.Stores;
import io.penstock.launch.cluster.NativeRuntime;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import scala.collection.immutable.ArraySeq;

/** The way of the rows: packed in blocks, taken in, read as micro-batches. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class FeedBenchmark {
  private static final int WIDTH = 784;
  private static final int BATCH = 512;
  private static final int MICRO_BATCHES = 8;
  private static final long SEED = 42;
  private static final LabelKind LABELS = LabelKind.classId(10);
  private static final long MEMORY = 64 << 20;

  /** Rows of the partition. */
  @Param({"2048"})
  public int rows;

  private SparkSession spark;
  private Dataset<Row> data;
  private FeatureColumns columns;
  private List<RowBlock> blocks;
  private Stores stores;
  private BatchReader reader;
  private int next;

  /** Starts Spark, makes rows. */
  @Setup
  public void setUp() {
    NativeRuntime.ready(1);
    spark =
        SparkSession.builder().master("local[1]").config("spark.ui.enabled", false).getOrCreate();
    List<Row> made =
        IntStream.range(0, rows)
            .mapToObj(
                row ->
                    RowFactory.create(
                        new ArraySeq.ofFloat(Nd4j.rand(1, WIDTH).data().asFloat()), row % 10.0))
            .toList();
    data =
        spark
            .createDataFrame(
                made,
                new StructType()
                    .add("features", DataTypes.createArrayType(DataTypes.FloatType, false))
                    .add("label", DataTypes.DoubleType))
            .repartition(1)
            .cache();
    data.count();
    columns = FeatureColumns.of(data.schema(), List.of("features"), "label", WIDTH);
    blocks = packed();
    stores = taken();
    MiniBatches miniBatches = new MiniBatches(rows, BATCH, MICRO_BATCHES);
    reader = new BatchReader(stores.features(), new EpochOrder(rows, SEED, 0), miniBatches);
  }

  /** Stops Spark. */
  @TearDown
  public void tearDown() {
    stores.close();
    spark.stop();
  }

  private List<RowBlock> packed() {
    return Feed.blocks(data, columns, LABELS, SEED, RowEnds.of(1, 0, 0)).collect();
  }

  private Stores taken() {
    return Stores.build(
        blocks.iterator(), columns, LABELS, MEMORY, Path.of(System.getProperty("java.io.tmpdir")));
  }

  /** Rows into blocks, through Spark's shuffle, and to the driver. */
  @Benchmark
  public List<RowBlock> pack() {
    return packed();
  }

  /** Blocks into the stores of a rank. */
  @Benchmark
  public long take() {
    try (Stores own = taken()) {
      return own.features().rows();
    }
  }

  /** One micro-batch of 64 rows out of the store, in the epoch's order. */
  @Benchmark
  public INDArray read() {
    next = (next + 1) % (rows / BATCH * MICRO_BATCHES);
    return reader.read(next / MICRO_BATCHES, next % MICRO_BATCHES);
  }
}
