package io.penstock.ml;

import static org.apache.spark.ml.functions.array_to_vector;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.checkpoint.NetworkWeights;
import io.penstock.feed.BadRowException;
import io.penstock.nn.Loss;
import io.penstock.nn.layer.Activation;
import io.penstock.nn.loss.Losses;
import io.penstock.nn.network.Sequential;
import io.penstock.testing.LocalSpark;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.spark.ml.attribute.AttributeGroup;
import org.apache.spark.ml.evaluation.RegressionEvaluator;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(120)
@LocalSpark(slots = 4)
class PipelineParallelRegressorTest {
  private static SparkSession spark;
  private static Dataset<Row> rows;

  @BeforeAll
  static void start(SparkSession session) {
    spark = session;
    rows =
        Blobs.rows(spark)
            .withColumn("label", expr("cast(a - 2 * b + c as double)"))
            .withColumn("two", expr("array(a - b, c + 2 * d)"))
            .withColumn("twoDoubles", expr("cast(two as array<double>)"))
            .withColumn("twoVector", array_to_vector(col("twoDoubles")))
            .withColumn("answers", expr("array(if(a > 0, 1, 0), if(b > 0, 1, 0))"))
            .cache();
  }

  private static PipelineParallelRegressor regressor(int targets) {
    return new PipelineParallelRegressor()
        .setLayers(4, 8, targets)
        .setBatchSize(32)
        .setMaxIter(3)
        .setStepSize(0.02);
  }

  private static Map<Integer, float[]> weights(PipelineParallelRegressor regressor) {
    return regressor.fit(rows).training().orElseThrow().weights().toMap();
  }

  private static void assertSame(Map<Integer, float[]> wanted, Map<Integer, float[]> weights) {
    assertEquals(wanted.keySet(), weights.keySet());
    wanted.forEach((layer, values) -> assertArrayEquals(values, weights.get(layer)));
  }

  private static double error(PipelineParallelRegressor regressor) {
    return new RegressionEvaluator()
        .setMetricName("mae")
        .evaluate(regressor.fit(rows).transform(rows));
  }

  @Test
  void aNumberIsLearntWithEveryLoss() {
    for (String loss : List.of("squaredError", "absoluteError", "huber")) {
      double error = error(regressor(1).setLoss(loss).setMaxIter(60));
      assertTrue(error < 0.3, loss + " " + error);
    }
  }

  @Test
  void stagesAndFeatureLayoutsDoNotMatter() {
    Map<Integer, float[]> wanted = weights(regressor(1));
    assertSame(wanted, weights(regressor(1).setNumStages(1)));
    assertSame(wanted, weights(regressor(1).setNumStages(3).setSchedule("gpipe")));
    assertSame(wanted, weights(regressor(1).setFeaturesCols(Blobs.COLUMNS)));
    assertSame(wanted, weights(regressor(1).setFeaturesCol("floats")));
  }

  @Test
  void lossesDiffer() {
    Map<Integer, float[]> squared = weights(regressor(1));
    assertTrue(squared.get(0)[0] != weights(regressor(1).setLoss("absoluteError")).get(0)[0]);
    float narrow = weights(regressor(1).setLoss("huber").setHuberDelta(0.1)).get(0)[0];
    assertTrue(narrow != weights(regressor(1).setLoss("huber").setHuberDelta(5)).get(0)[0]);
  }

  @Test
  void severalTargetsAreArraysOrVectorsAndTheAnswerIsAVector() {
    PipelineParallelRegressionModel model =
        regressor(2).setLabelCol("twoDoubles").setMaxIter(80).fit(rows);
    Map<Integer, float[]> wanted = weights(regressor(2).setLabelCol("twoDoubles"));
    assertSame(wanted, weights(regressor(2).setLabelCol("two")));
    assertSame(wanted, weights(regressor(2).setLabelCol("twoVector")));
    assertSame(wanted, weights(regressor(2).setLabelCol("twoVector").setNumStages(1)));
    assertEquals(2, model.numTargets());
    Dataset<Row> scored = model.transform(rows);
    assertEquals(2, AttributeGroup.fromStructField(scored.schema().apply("prediction")).size());
    double error = 0;
    for (Row row : scored.collectAsList()) {
      Vector prediction = row.getAs("prediction");
      error += Vectors.sqdist(prediction, row.getAs("twoVector"));
      assertArrayEquals(
          prediction.toArray(), model.predictAll(row.getAs("features")).toArray(), 1e-5);
    }
    assertTrue(error / Blobs.ROWS < 0.4, "error " + error / Blobs.ROWS);
    Vector features = rows.first().getAs("features");
    String message =
        assertThrows(UnsupportedOperationException.class, () -> model.predict(features))
            .getMessage();
    assertTrue(message.contains("2 targets, which predictAll(Vector) gives"), message);
  }

  @Test
  void aRowAloneGetsTheSameAnswer() {
    PipelineParallelRegressionModel model = regressor(1).fit(rows);
    for (Row row : model.transform(rows.limit(5)).collectAsList()) {
      assertEquals(row.<Double>getAs("prediction"), model.predict(row.getAs("features")), 1e-5);
    }
    assertEquals(1, model.numTargets());
    assertEquals(4, model.numFeatures());
    Vector bad = Vectors.dense(0, 0, Double.NEGATIVE_INFINITY, 0);
    List<Executable> ways = List.of(() -> model.predict(bad), () -> model.predictAll(bad));
    for (Executable way : ways) {
      String message = assertThrows(BadRowException.class, way).getMessage();
      assertTrue(message.contains("features[2]' is -Infinity"), message);
    }
  }

  private static Sequential network(Loss loss, int outputs) {
    return Sequential.input(4).dense(8, Activation.TANH).dense(outputs).loss(loss).build();
  }

  @Test
  void aNetworkBringsItsOwnLoss() {
    Map<Integer, float[]> own = weights(regressor(1).setNetwork(network(Losses.huber(0.5), 1)));
    assertSame(
        own,
        weights(
            regressor(1)
                .setLoss("huber")
                .setHuberDelta(0.5)
                .setNetwork(network(Losses.huber(0.5), 1))));
    assertTrue(
        own.get(0)[0] != weights(regressor(1).setNetwork(network(Losses.huber(5), 1))).get(0)[0]);
  }

  @Test
  void questionsOfYesAndNoAreAnsweredWithProbabilities() {
    PipelineParallelRegressionModel model =
        regressor(2)
            .setNetwork(network(Losses.sigmoidCrossEntropy(), 2))
            .setLabelCol("answers")
            .setMaxIter(60)
            .fit(rows);
    for (Row row : model.transform(rows).collectAsList()) {
      Vector prediction = row.getAs("prediction");
      for (int i = 0; i < 2; i++) {
        double probability = prediction.apply(i);
        assertEquals(
            row.<Number>getList(row.fieldIndex("answers")).get(i).doubleValue(), probability, 0.4);
      }
    }
  }

  /** Also where the loss would make a probability of infinity. */
  @Test
  void aRowThatOverflowsInsideTheNetworkIsRefused() {
    PipelineParallelRegressionModel one = doubling(Losses.squaredError(), 1);
    PipelineParallelRegressionModel two = doubling(Losses.sigmoidCrossEntropy(), 2);
    Vector large = Vectors.dense(3e38, 3e38, 3e38, 3e38);
    List<Executable> ways =
        List.of(() -> one.predict(large), () -> one.predictAll(large), () -> two.predictAll(large));
    for (Executable way : ways) {
      BadRowException bad = assertThrows(BadRowException.class, way);
      assertTrue(
          bad.getMessage().startsWith("The row: its scores are not finite (Infinity): "),
          bad::getMessage);
    }
    assertEquals(1, two.predictAll(Vectors.dense(1e38, 0, 0, 0)).apply(0));
  }

  /** A model all of whose weights are 2. */
  private static PipelineParallelRegressionModel doubling(Loss loss, int outputs) {
    float[] weights = new float[5 * outputs];
    Arrays.fill(weights, 2);
    String network = Sequential.input(4).dense(outputs).loss(loss).build().toWire();
    return new PipelineParallelRegressionModel(
        "doubling",
        new FittedNetwork(
            new Scorer(network, NetworkWeights.inMemory(Map.of(0, weights))), List.of(), null));
  }

  @Test
  void anEmptyNameLeavesThePredictionOut() {
    PipelineParallelRegressionModel model = regressor(1).setPredictionCol("").fit(rows);
    assertArrayEquals(rows.columns(), model.transform(rows).columns());
  }

  @Test
  void severalTargetsAreToldInTheSchema() {
    assertEquals(
        SQLDataTypes.VectorType(),
        regressor(2)
            .setLabelCol("two")
            .transformSchema(rows.schema())
            .apply("prediction")
            .dataType());
  }

  static List<Arguments> mistakes() {
    return List.of(
        bad("'label' is of type double, but a label of 2 numbers", it -> it.setLayers(4, 8, 2)),
        bad("there is no label column 'y'", it -> it.setLabelCol("y")),
        bad("there is no feature column 'f'", it -> it.setFeaturesCol("f")),
        bad("loss is 'hinge'; it must be one of squaredError", it -> it.setLoss("hinge")),
        bad("huberDelta is 0.0; it must be a finite number above 0", it -> it.setHuberDelta(0)),
        bad(
            "loss is huber, but network brings its own loss, squaredError. Leave loss out",
            it -> it.setLoss("huber").setNetwork(network(Losses.squaredError(), 1))),
        bad(
            "loss is softmaxCrossEntropy, whose labels are classes",
            it -> it.setNetwork(network(Losses.softmaxCrossEntropy(), 3))),
        bad("No network: set layers", it -> it.clear(it.layers())),
        bad("3 stages or fewer", it -> it.setNumStages(4)),
        bad("'two' exists already", it -> it.setPredictionCol("two")));
  }

  private static Arguments bad(String message, Consumer<PipelineParallelRegressor> set) {
    return Arguments.of(message, set);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("mistakes")
  void aMistakeIsToldWithWhatToDo(String message, Consumer<PipelineParallelRegressor> set) {
    IllegalArgumentException thrown =
        assertThrows(
            IllegalArgumentException.class,
            () -> {
              PipelineParallelRegressor regressor = regressor(1);
              set.accept(regressor);
              regressor.fit(rows);
            });
    assertTrue(thrown.getMessage().contains(message), thrown.getMessage());
  }

  @Test
  void targetsThatAreTooFewAreTold() {
    Exception thrown =
        assertThrows(
            IllegalArgumentException.class, () -> regressor(3).setLabelCol("two").fit(rows));
    assertTrue(
        thrown.getMessage().contains("column 'two' holds 2 values where 3 are expected"),
        thrown.getMessage());
  }
}
