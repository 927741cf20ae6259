package io.penstock.ml;

import static org.apache.spark.sql.functions.expr;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.feed.BadRowException;
import io.penstock.launch.job.TrainingResult;
import io.penstock.testing.LocalSpark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.spark.ml.feature.StringIndexer;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.factory.Nd4j;

@Timeout(120)
@LocalSpark(slots = 4)
class PipelineParallelClassificationModelTest {
  private static final int EPOCHS = 2;

  private static SparkSession spark;
  private static Dataset<Row> rows;
  private static PipelineParallelClassificationModel model;

  @TempDir Path directory;

  @BeforeAll
  static void start(SparkSession session) {
    spark = session;
    rows = Blobs.rows(spark).cache();
    model = Blobs.classifier().setEpochs(EPOCHS).setPredictionCol("class").fit(rows);
  }

  private static List<Row> scores(PipelineParallelClassificationModel scoring, Dataset<Row> data) {
    return scoring
        .transform(data)
        .orderBy("id")
        .select("rawPrediction", "probability", "class")
        .collectAsList();
  }

  private Path saved() throws IOException {
    Path path = directory.resolve("model");
    model.save(path.toString());
    return path;
  }

  @Test
  void aSavedModelIsReadBitForBit() throws IOException {
    PipelineParallelClassificationModel loaded =
        PipelineParallelClassificationModel.load(saved().toString());
    assertEquals(model.uid(), loaded.uid());
    assertEquals(model.describe(), loaded.describe());
    assertEquals("class", loaded.getPredictionCol());
    assertEquals(32, loaded.getBatchSize());
    assertTrue(loaded.training().isEmpty());
    for (int layer : List.of(0, 2)) {
      assertArrayEquals(
          model.parameters().get(layer).flat().dup().data().asFloat(),
          loaded.parameters().get(layer).flat().dup().data().asFloat());
    }
    assertEquals(scores(model, rows), scores(loaded, rows));
  }

  @Test
  void onDiskAreMetadataANetworkAndNumPyFilesAndNoSerialisedJava() throws IOException {
    Path path = saved();
    try (Stream<Path> data = Files.list(path.resolve("data"))) {
      assertEquals(
          List.of(
              "format.json",
              "layer-0000-bias.npy",
              "layer-0000-weights.npy",
              "layer-0002-bias.npy",
              "layer-0002-weights.npy",
              "network.json"),
          data.map(file -> file.getFileName().toString())
              .filter(name -> !name.endsWith(".crc"))
              .sorted()
              .toList());
    }
    assertTrue(Files.isDirectory(path.resolve("metadata")));
    try (Stream<Path> all = Files.walk(path)) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        byte[] bytes = Files.readAllBytes(file);
        boolean serialised =
            bytes.length > 1 && (bytes[0] & 0xff) == 0xac && (bytes[1] & 0xff) == 0xed;
        assertFalse(serialised, file.toString());
      }
    }
  }

  @Test
  void aModelIsNotWrittenOverAnotherUnlessAsked() throws IOException {
    String path = saved().toString();
    IOException thrown = assertThrows(IOException.class, () -> model.save(path));
    assertTrue(thrown.getMessage().contains("already exists"), thrown.getMessage());
    model.write().overwrite().save(path);
    assertEquals(scores(model, rows), scores(PipelineParallelClassificationModel.load(path), rows));
  }

  @Test
  void aMissingLayerIsNamed() throws IOException {
    Path path = saved();
    Files.delete(path.resolve("data/layer-0002-weights.npy"));
    refused(path, "missing", "data/layer-0002-weights.npy");
  }

  @Test
  void aLayerOfAnotherShapeIsNamed() throws IOException {
    Path path = saved();
    overwrite(path.resolve("data/layer-0000-bias.npy"), Nd4j.toNpyByteArray(Nd4j.zeros(9)));
    refused(path, "data/layer-0000-bias.npy", "[9]", "[8]");
  }

  @Test
  void aNewerFormatIsNamedAndSaysWhatToDo() throws IOException {
    Path path = saved();
    String newer = model.describe().toJson().replace("\"version\":2", "\"version\":3");
    overwrite(path.resolve("data/network.json"), newer.getBytes());
    refused(path, "data/network.json", "version 3", "a newer one");
  }

  private static void overwrite(Path file, byte[] bytes) throws IOException {
    Files.write(file, bytes);
    Files.deleteIfExists(file.resolveSibling("." + file.getFileName() + ".crc"));
  }

  private static void refused(Path path, String... fragments) {
    RuntimeException thrown =
        assertThrows(
            RuntimeException.class,
            () -> PipelineParallelClassificationModel.load(path.toString()));
    for (String fragment : fragments) {
      assertTrue(thrown.getMessage().contains(fragment), thrown.getMessage());
    }
  }

  @Test
  void blocksOverPartitionBoundariesScoreAsRowsAlone() {
    // 600 rows: more than a block in one partition, fewer in others, none in some.
    Dataset<Row> many = rows.crossJoin(spark.range(5).toDF("n"));
    for (Dataset<Row> data :
        List.of(many.coalesce(1), many.repartition(7), rows.repartition(200))) {
      for (Row row : model.transform(data).collectAsList()) {
        Vector features = row.getAs("features");
        Vector raw = row.getAs("rawPrediction");
        Vector alone = model.predictRaw(features);
        assertArrayEquals(alone.toArray(), raw.toArray(), 1e-5);
        assertArrayEquals(
            model.predictProbability(features).toArray(),
            row.<Vector>getAs("probability").toArray(),
            1e-5);
        assertEquals(raw.argmax(), row.<Double>getAs("class"));
      }
    }
  }

  @Test
  void aRowIsScoredAlone() {
    Vector row = rows.where("id = 4").first().getAs("features");
    Vector raw = model.predictRaw(row);
    Vector probability = model.predictProbability(row);
    assertEquals(3, raw.size());
    assertEquals(1, Vectors.norm(probability, 1), 1e-12);
    assertEquals(raw.argmax(), model.predict(row));
    assertEquals(raw, model.predictRaw(row.toSparse()));
  }

  @Test
  void whatTransformRefusesIsRefusedOfARowAlone() {
    Map<Vector, String> wrong =
        Map.of(
            Vectors.dense(1, Double.NaN, 0, 0), "features[1]' is NaN",
            Vectors.dense(1, 0, Double.POSITIVE_INFINITY, 0), "features[2]' is Infinity",
            Vectors.dense(1e300, 0, 0, 0), "features[0]' is 1.0E300",
            Vectors.sparse(4, new int[] {3}, new double[] {Double.NaN}), "features[3]' is NaN",
            Vectors.dense(1, 2), "features' holds 2 values where 4 are expected");
    for (Map.Entry<Vector, String> one : wrong.entrySet()) {
      List<Executable> ways =
          List.of(
              () -> model.predict(one.getKey()),
              () -> model.predictRaw(one.getKey()),
              () -> model.predictProbability(one.getKey()));
      for (Executable way : ways) {
        String message = assertThrows(BadRowException.class, way).getMessage();
        assertTrue(message.startsWith("The row: column '" + one.getValue()), message);
      }
    }
  }

  /** Such features are finite, and so are the weights; what the layers make of both is not. */
  @Test
  void aRowThatOverflowsInsideTheNetworkIsRefusedAlone() {
    Vector large = Vectors.dense(3e38, -3e38, 3e38, -3e38);
    List<Executable> ways =
        List.of(
            () -> model.predict(large),
            () -> model.predictRaw(large),
            () -> model.predictProbability(large));
    for (Executable way : ways) {
      BadRowException bad = assertThrows(BadRowException.class, way);
      assertTrue(
          bad.getMessage().startsWith("The row: its scores are not finite ("), bad::getMessage);
      assertTrue(bad.getMessage().contains("StandardScaler"), bad::getMessage);
      assertEquals("features", bad.column());
    }
  }

  @Test
  void aRowThatOverflowsIsToldOrLeftOutOrKept() {
    Dataset<Row> bad =
        rows.withColumn(
            "floats",
            expr(
                "if(id in (45, 46), transform(array(1, -1, 1, -1), x -> float(3e38 * x)),"
                    + " floats)"));
    PipelineParallelClassificationModel scoring = model.copy(ParamMap.empty());
    scoring.setFeaturesCol("floats");
    BadRowException told = refused(() -> scoring.transform(bad).collectAsList());
    assertEquals(1, told.partition());
    assertEquals(5, told.row());
    assertTrue(
        told.getMessage().startsWith("Row 5 of partition 1: its scores are not finite ("),
        told::getMessage);
    assertTrue(told.getMessage().contains("too large for the network's weights"), told::getMessage);

    Dataset<Row> fine = rows.where("id not in (45, 46)");
    List<Row> wanted = scores(model, fine);
    assertClose(wanted, scores(scoring.setHandleInvalid("skip"), bad));
    List<Row> kept = new ArrayList<>(scores(scoring.setHandleInvalid("keep"), bad));
    assertEquals(Blobs.ROWS, kept.size());
    for (Row row : List.of(kept.remove(45), kept.remove(45))) {
      assertEquals(RowFactory.create(null, null, null), row);
    }
    assertClose(wanted, kept);
    Dataset<Row> none = bad.where("id in (45, 46)");
    assertEquals(List.of(), scores(scoring.setHandleInvalid("skip"), none));
  }

  private static void assertClose(List<Row> wanted, List<Row> scores) {
    assertEquals(wanted.size(), scores.size());
    for (int i = 0; i < wanted.size(); i++) {
      double[] raw = wanted.get(i).<Vector>getAs(0).toArray();
      assertArrayEquals(raw, scores.get(i).<Vector>getAs(0).toArray(), 1e-5);
    }
  }

  private static BadRowException refused(Executable attempt) {
    Throwable cause = assertThrows(Exception.class, attempt);
    while (cause != null && !(cause instanceof BadRowException)) {
      cause = cause.getCause();
    }
    assertTrue(cause != null, "no BadRowException");
    return (BadRowException) cause;
  }

  @Test
  void thresholdsDecideThePrediction() {
    PipelineParallelClassificationModel cautious = model.copy(ParamMap.empty());
    cautious.setThresholds(new double[] {1, 1e-9, 1});
    for (Row row : scores(cautious, rows)) {
      assertEquals(1.0, row.getDouble(2));
    }
    PipelineParallelClassificationModel wrong =
        model.copy(new ParamMap().put(model.thresholds(), new double[] {0.5, 0.5}));
    String message =
        assertThrows(IllegalArgumentException.class, () -> wrong.transform(rows)).getMessage();
    assertTrue(message.contains("2 thresholds and 3 classes"), message);
  }

  @Test
  void columnsStandBehindInMLlibsOrderAndAnEmptyNameLeavesOneOut() {
    PipelineParallelClassificationModel some = model.copy(ParamMap.empty());
    some.setProbabilityCol("");
    List<String> wanted = new java.util.ArrayList<>(List.of(rows.columns()));
    wanted.addAll(List.of("rawPrediction", "class"));
    assertEquals(wanted, List.of(some.transform(rows).columns()));
    some.setRawPredictionCol("").setPredictionCol("");
    assertArrayEquals(rows.columns(), some.transform(rows).columns());
  }

  @Test
  void theOtherColumnsPassThroughWithTheirValuesTypesAndMetadata() {
    Dataset<Row> other =
        new StringIndexer()
            .setInputCol("text")
            .setOutputCol("x.y")
            .fit(rows.selectExpr("cast(id % 2 as string) text"))
            .transform(
                rows.selectExpr(
                    "id",
                    "features",
                    "cast(id % 2 as string) text",
                    "date_add(date'2024-02-28', cast(id as int)) day",
                    "timestamp_seconds(id) at",
                    "cast(id as decimal(20, 3)) amount",
                    "if(id = 3, null, id) gap",
                    "map('k', array(struct(id, b))) deep",
                    "cast('é' as binary) bytes"));
    Dataset<Row> scored = model.transform(other);
    StructType wanted = model.transformSchema(other.schema());
    assertEquals(wanted, scored.schema());
    assertEquals(
        other.schema().json(),
        scored.drop("rawPrediction", "probability", "class").schema().json());
    assertEquals(
        other.drop("bytes").orderBy("id").collectAsList(),
        scored
            .drop("rawPrediction", "probability", "class", "bytes")
            .orderBy("id")
            .collectAsList());
  }

  @Test
  void aBadRowIsToldWithItsPartitionAndColumn() {
    Dataset<Row> bad =
        rows.withColumn("floats", expr("if(id = 100, array(a, float('NaN'), c, d), floats)"));
    PipelineParallelClassificationModel scoring = model.copy(ParamMap.empty());
    scoring.setFeaturesCol("floats");
    BadRowException told = refused(() -> scoring.transform(bad).collectAsList());
    assertTrue(
        told.getMessage().startsWith("Row 20 of partition 2: column 'floats[1]' is NaN"),
        told::getMessage);
  }

  @Test
  void theNetworkTellsClassesAndFeatures() {
    assertEquals(3, model.numClasses());
    assertEquals(4, model.numFeatures());
    assertTrue(model.hasParent());
  }

  @Test
  void aCopyScoresTheSameWithParamsOfItsOwn() {
    PipelineParallelClassificationModel copy =
        model.copy(new ParamMap().put(model.rawPredictionCol(), "outputs"));
    assertEquals(model.uid(), copy.uid());
    assertEquals("outputs", copy.getRawPredictionCol());
    assertEquals("rawPrediction", model.getRawPredictionCol());
    assertEquals(model.parent().uid(), copy.parent().uid());
    assertEquals(model.training(), copy.training());
    Vector row = rows.first().getAs("features");
    assertEquals(model.predictRaw(row), copy.predictRaw(row));
  }

  @Test
  void theModelTellsHowItsTrainingWent() {
    TrainingResult training = model.training().orElseThrow();
    assertEquals(EPOCHS, training.epochs().size());
    assertEquals(EPOCHS * 4, training.stepLosses().length);
    for (double loss : training.stepLosses()) {
      assertTrue(loss > 0 && Double.isFinite(loss), "loss " + loss);
    }
    assertTrue(training.epochs().get(1).loss() < training.epochs().get(0).loss());
  }
}
