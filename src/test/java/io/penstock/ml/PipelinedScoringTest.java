package io.penstock.ml;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.spark_partition_id;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.array.NativeHeap;
import io.penstock.checkpoint.NetworkWeights;
import io.penstock.launch.cluster.PreflightException;
import io.penstock.nn.Parameters;
import io.penstock.nn.layer.Activation;
import io.penstock.nn.layer.Window;
import io.penstock.nn.loss.Losses;
import io.penstock.nn.network.Sequential;
import io.penstock.testing.LocalSpark;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.ml.Model;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rows that flow through a network's stages get what one process with all of it gives them. */
@Timeout(300)
@LocalSpark(slots = 3)
class PipelinedScoringTest {
  private static final String WAY = "spark.penstock.scoring.way";
  private static final String STAGES = "spark.penstock.scoring.stages";

  @TempDir Path directory;
  private final SparkSession spark;

  PipelinedScoringTest(SparkSession spark) {
    this.spark = spark;
  }

  @AfterEach
  void reset() {
    spark.conf().unset(WAY);
    spark.conf().unset(STAGES);
  }

  private static FittedNetwork fitted(Sequential network) {
    List<Parameters> initial =
        IntStream.range(0, network.layers().size())
            .mapToObj(layer -> Parameters.initial(network.parameters(layer), 3, layer))
            .toList();
    NetworkWeights weights = NetworkWeights.inMemory(initial);
    initial.forEach(Parameters::close);
    return new FittedNetwork(new Scorer(network.toWire(), weights), List.of(), null);
  }

  private static PipelineParallelClassificationModel table() {
    Sequential network =
        Sequential.input(4)
            .dense(40, Activation.GELU)
            .layerNorm()
            .dense(50, Activation.RELU)
            .dense(3)
            .loss(Losses.softmaxCrossEntropy())
            .build();
    return new PipelineParallelClassificationModel("table", fitted(network)).setBlockSize(7);
  }

  /** Partitions of 30, 0 and 50 rows in order, of which some lack a feature. */
  private Dataset<Row> rows() {
    return Blobs.rows(spark)
        .where("id < 30 or id >= 70")
        .repartitionByRange(1, col("id"))
        .union(Blobs.rows(spark).where("id < 0"))
        .withColumn("a", expr("if(id % 11 = 5, null, a)"))
        .withColumn("text", expr("array(string(id), null)"));
  }

  private List<Row> scored(Model<?> model, Dataset<Row> rows, int stages) {
    spark.conf().set(WAY, stages == 0 ? "local" : "pipeline");
    if (stages > 0) {
      spark.conf().set(STAGES, String.valueOf(stages));
    }
    Dataset<Row> scored = model.transform(rows);
    int partitions = scored.javaRDD().getNumPartitions();
    assertEquals(rows.javaRDD().getNumPartitions(), partitions);
    return scored.withColumn("partition", spark_partition_id()).collectAsList();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void rowsOfATableKeepPartitionOrderAndColumnsAndGetTheSameBits(int stages) {
    PipelineParallelClassificationModel model =
        table().setFeaturesCols(Blobs.COLUMNS).setHandleInvalid("keep");
    List<Row> local = scored(model, rows(), 0);
    assertEquals(80, local.size());
    assertTrue(local.stream().anyMatch(row -> row.isNullAt(row.fieldIndex("prediction"))));
    assertEquals(local, scored(model, rows(), stages));
    model.setHandleInvalid("skip");
    assertEquals(scored(model, rows(), 0), scored(model, rows(), stages));
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3})
  void sequencesOfAnyLengthGetTheSameBitsOverSkipsAndTies(int stages) {
    Sequential network =
        Sequential.input(9)
            .embedding(11, 12)
            .positions(9)
            .save("embedded")
            .transformerBlock(3, 24, false, 0.1)
            .selfAttention(2, true)
            .addSaved("embedded")
            .lstm(12)
            .layerNorm()
            .tiedDense(0, 11)
            .loss(Losses.softmaxCrossEntropy())
            .build();
    Dataset<Row> rows =
        spark
            .range(0, 60, 1, 3)
            .selectExpr(
                "id",
                "transform(sequence(0, int(id % 9)), i -> int(pmod(hash(id, i), 11))) tokens");
    PipelineParallelSequenceModel model =
        new PipelineParallelSequenceModel("text", fitted(network))
            .setFeaturesCol("tokens")
            .setLogLikelihoodCol("logs")
            .setBlockSize(8);
    assertEquals(scored(model, rows, 0), scored(model, rows, stages));
  }

  @Test
  void imagesGetTheSameBits() {
    Sequential network =
        Sequential.input(2, 9, 7)
            .convolution(5, Window.of(3, 3).same(), Activation.RELU)
            .batchNorm()
            .maxPool(Window.of(2, 2))
            .convolution(3, Window.of(2, 2), Activation.SWISH)
            .flatten()
            .dense(2)
            .loss(Losses.squaredError())
            .build();
    Dataset<Row> rows =
        spark
            .range(0, 50, 1, 2)
            .selectExpr("id", "transform(sequence(1, 126), i -> float(sin(id * i))) features");
    PipelineParallelRegressionModel model =
        new PipelineParallelRegressionModel("images", fitted(network)).setBlockSize(16);
    List<Row> local = scored(model, rows, 0);
    assertEquals(local, scored(model, rows, 2));
    assertEquals(local, scored(model, rows, 3));
  }

  @Test
  void aRowThatOverflowsInAnEarlyStageIsToldAsInOneProcess() {
    PipelineParallelClassificationModel model = table();
    Dataset<Row> rows =
        spark
            .range(0, 20, 1, 1)
            .selectExpr(
                "id", "array(float(if(id = 12, 3e38, 1)), 1f, float(if(id = 12, 3e38, 1)), 1f) f")
            .withColumnRenamed("f", "features");
    model.setHandleInvalid("keep");
    List<Row> local = scored(model, rows, 0);
    assertEquals(1, local.stream().filter(row -> row.isNullAt(2)).count());
    assertEquals(local, scored(model, rows, 3));
    model.setHandleInvalid("error");
    String alone = assertThrows(Exception.class, () -> scored(model, rows, 0)).getMessage();
    String staged = assertThrows(Exception.class, () -> scored(model, rows, 3)).getMessage();
    String words = "Row 12";
    assertTrue(alone.contains(words), alone);
    assertTrue(staged.contains(words), staged);
  }

  @Test
  void aRankThatFailsIsTriedAgainAndTheSameRowsGetTheSameAnswers() throws Exception {
    Path flag = directory.resolve("flag");
    Sequential network =
        Sequential.input(4)
            .dense(8, Activation.TANH)
            .layer(Fuse.layer(8, flag, 5, false)) // 40 rows of a partition are 5 x 7 and 5
            .dense(3)
            .loss(Losses.softmaxCrossEntropy())
            .build();
    PipelineParallelClassificationModel model =
        new PipelineParallelClassificationModel("fused", fitted(network)).setBlockSize(7);
    Dataset<Row> rows = Blobs.rows(spark);
    List<Row> local = scored(model, rows, 0);
    Files.createFile(flag);
    assertEquals(local, scored(model, rows, 3));
    assertFalse(Files.exists(flag));
  }

  @Test
  void ranksLeaveNoMemoryBehind() {
    int hidden = 1024;
    Sequential network = Sequential.perceptron(4, hidden, hidden, hidden, 3);
    PipelineParallelClassificationModel model =
        new PipelineParallelClassificationModel("large", fitted(network));
    Dataset<Row> rows = Blobs.rows(spark);
    scored(model, rows, 2); // whatever is made once
    long before = NativeHeap.bytes();
    for (int i = 0; i < 3; i++) {
      scored(model, rows, 2);
    }
    long left = NativeHeap.bytes() - before;
    assertTrue(left < (long) hidden * hidden * Float.BYTES, left + " bytes are left");
  }

  @Test
  void noRowsAtAllAreScoredToNone() {
    assertEquals(List.of(), scored(table(), Blobs.rows(spark).where("id < 0"), 2));
  }

  @Test
  void stagesThatCannotBeAreRefusedAndThoseWithoutSlotsByTheAction() {
    spark.conf().set(WAY, "pipeline");
    spark.conf().set(STAGES, "9");
    PipelineParallelClassificationModel model = table();
    String fewLayers =
        assertThrows(IllegalArgumentException.class, () -> model.transform(Blobs.rows(spark)))
            .getMessage();
    assertTrue(fewLayers.contains("9 stages (" + STAGES + ")"), fewLayers);
    spark.conf().set(STAGES, "4");
    Dataset<Row> scored = model.transform(Blobs.rows(spark)); // nothing is asked of executors yet
    PreflightException refused = assertThrows(PreflightException.class, scored::count);
    assertTrue(refused.getMessage().contains("Cannot score through 4 stages"), refused::toString);
    assertTrue(refused.getMessage().contains("local[4]"), refused::toString);
  }

  @Test
  void aStreamIsRefusedWithWhatToDo() {
    spark.conf().set(WAY, "pipeline");
    Dataset<Row> stream =
        spark
            .readStream()
            .format("rate")
            .load()
            .selectExpr("transform(sequence(1, 4), i -> float(value)) features");
    String refused =
        assertThrows(IllegalArgumentException.class, () -> table().transform(stream)).getMessage();
    assertTrue(refused.contains("foreachBatch"), refused);
  }
}
