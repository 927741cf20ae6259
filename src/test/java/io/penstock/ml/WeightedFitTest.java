package io.penstock.ml;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.feed.BadRowException;
import io.penstock.feed.EmptyDataException;
import io.penstock.nn.Losses;
import io.penstock.nn.Sequential;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.spark.ml.classification.OneVsRest;
import org.apache.spark.ml.evaluation.MulticlassClassificationEvaluator;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code weightCol} of all estimators, and {@code classWeights} of those that have classes. */
@Timeout(240)
class WeightedFitTest {
  private static final double[] CLASSES = {1, 2, 0.5};

  private static SparkSession spark;
  private static Dataset<Row> rows;

  @TempDir Path directory;

  @BeforeAll
  static void start() {
    spark = Blobs.session();
    rows =
        Blobs.rows(spark)
            .selectExpr(
                "*",
                "id % 4 / 2 w",
                "1 one",
                "if(label = 0, 1, if(label = 1, 2, 0.5)) ofClass",
                "transform(slice(sequence(0, 5), 1, cast(2 + id % 4 as int)),"
                    + " i -> cast(pmod(id + 2 * i, 7) as int)) tokens")
            .cache();
  }

  @AfterAll
  static void stop() {
    spark.stop();
  }

  /** An estimator, and what it learns from rows with weights in a column; null for none. */
  record Learner(String name, Function<String, PipelineParallelEstimator<?>> made) {
    Map<Integer, float[]> weights(Dataset<Row> data, String weightCol) {
      PipelineParallelEstimator<?> estimator = made.apply(weightCol);
      if (estimator instanceof PipelineParallelClassifier classifier) {
        return classifier.fit(data).training().orElseThrow().weights();
      }
      return estimator instanceof PipelineParallelRegressor regressor
          ? regressor.fit(data).training().orElseThrow().weights()
          : ((PipelineParallelSequenceLearner) estimator)
              .fit(data)
              .training()
              .orElseThrow()
              .weights();
    }

    @Override
    public String toString() {
      return name;
    }
  }

  private static <E extends PipelineParallelEstimator<E>> E weighted(E estimator, String column) {
    return column == null ? estimator : estimator.setWeightCol(column);
  }

  private static PipelineParallelSequenceLearner sequenceLearner() {
    return new PipelineParallelSequenceLearner()
        .setNetwork(
            Sequential.input(6)
                .embedding(7, 5)
                .dense(7)
                .loss(Losses.softmaxCrossEntropy())
                .build())
        .setFeaturesCol("tokens")
        .setBatchSize(32)
        .setMaxIter(2)
        .setStepSize(0.02);
  }

  private static PipelineParallelRegressor regressor() {
    return new PipelineParallelRegressor()
        .setLayers(4, 8, 1)
        .setBatchSize(32)
        .setMaxIter(2)
        .setStepSize(0.02);
  }

  static Stream<Learner> learners() {
    return Stream.of(
        new Learner("classifier", column -> weighted(Blobs.classifier(), column)),
        new Learner("regressor", column -> weighted(regressor(), column)),
        new Learner("sequences", column -> weighted(sequenceLearner(), column)));
  }

  @ParameterizedTest
  @MethodSource("learners")
  void noColumnAnEmptyNameAndOnesAreTheSame(Learner learner) {
    Map<Integer, float[]> without = learner.weights(rows, null);
    assertSame(without, learner.weights(rows, ""));
    assertSame(without, learner.weights(rows, "one"));
    assertFalse(Arrays.equals(without.get(0), learner.weights(rows, "w").get(0)));
  }

  @ParameterizedTest
  @MethodSource("learners")
  void partitionsDoNotMatter(Learner learner) {
    assertSame(learner.weights(rows, "w"), learner.weights(rows.repartition(7), "w"));
  }

  @Test
  void stagesDoNotMatter() {
    assertSame(
        weights(Blobs.classifier().setWeightCol("w").setNumStages(1)),
        weights(Blobs.classifier().setWeightCol("w").setNumStages(2)));
  }

  @ParameterizedTest
  @MethodSource("learners")
  void weightsThatMakeNoSenseAreRefusedByRowAndColumn(Learner learner) {
    for (String bad : new String[] {"null", "-1d", "double('NaN')", "double('Infinity')"}) {
      Dataset<Row> some = rows.selectExpr("*", "if(id = 7, " + bad + ", 1d) bad").coalesce(1);
      for (String invalid : new String[] {"error", "skip", "keep"}) {
        Learner choosy =
            new Learner("", column -> learner.made().apply(column).setHandleInvalid(invalid));
        BadRowException told =
            assertThrows(BadRowException.class, () -> choosy.weights(some, "bad"));
        assertEquals("bad", told.column());
        assertEquals(7, told.row());
      }
    }
    assertThrows(
        EmptyDataException.class,
        () -> learner.weights(rows.selectExpr("*", "0 nought"), "nought"));
  }

  @ParameterizedTest
  @MethodSource("learners")
  void aColumnThatIsNoneIsRefusedWithoutAJob(Learner learner) {
    refused("there is no weight column 'v'", learner, "v");
    refused("column 'features' is of type", learner, "features");
    refused("a weight must be numeric", learner, "floats");
  }

  private static void refused(String why, Learner learner, String column) {
    String message =
        assertThrows(
                IllegalArgumentException.class,
                () -> {
                  PipelineParallelEstimator<?> estimator = learner.made().apply(column);
                  ((org.apache.spark.ml.PipelineStage) estimator).transformSchema(rows.schema());
                })
            .getMessage();
    assertTrue(message.contains(why), message);
  }

  @Test
  void rowsOfWeightNoughtTeachNothingAndTransformNeedsNoWeights() {
    Dataset<Row> misled =
        rows.selectExpr("id", "features", "label", "1 weight")
            .union(rows.selectExpr("id", "features", "(label + 1) % 3", "0"))
            .union(rows.selectExpr("id", "features", "(label + 1) % 3", "0"));
    PipelineParallelClassificationModel model =
        Blobs.classifier().setWeightCol("weight").setMaxIter(20).fit(misled);
    double accuracy =
        new MulticlassClassificationEvaluator()
            .setMetricName("accuracy")
            .evaluate(model.transform(rows.select("id", "features", "label")));
    assertEquals(1, accuracy, 0.02);
  }

  @Test
  void aClassWeightIsTheWeightOfEachOfItsRows() {
    Map<Integer, float[]> byRow = weights(Blobs.classifier().setWeightCol("ofClass"));
    assertSame(byRow, weights(Blobs.classifier().setClassWeights(CLASSES)));
    Map<Integer, float[]> both =
        weights(Blobs.classifier().setClassWeights(CLASSES).setWeightCol("w"));
    Dataset<Row> product = rows.selectExpr("*", "w * ofClass product");
    assertSame(
        both,
        Blobs.classifier().setWeightCol("product").fit(product).training().orElseThrow().weights());
  }

  @Test
  void classWeightsOfOneOrNoneAreTheSameAsNone() {
    Map<Integer, float[]> without = weights(Blobs.classifier());
    assertSame(without, weights(Blobs.classifier().setClassWeights(1, 1, 1)));
    assertSame(without, weights(Blobs.classifier().setClassWeights()));
    Sequential own =
        Sequential.perceptron(Losses.softmaxCrossEntropy().weighted(CLASSES), 4, 8, 3);
    assertSame(without, weights(Blobs.classifier().setNetwork(own).setClassWeights()));
    assertSame(
        weights(Blobs.classifier().setClassWeights(CLASSES)),
        weights(Blobs.classifier().setNetwork(own)));
  }

  @Test
  void idsOfSequencesHaveWeightsToo() {
    double[] ids = {1, 1, 1, 1, 1, 1, 1};
    Map<Integer, float[]> without =
        sequenceLearner().fit(rows).training().orElseThrow().weights();
    assertSame(
        without,
        sequenceLearner().setClassWeights(ids).fit(rows).training().orElseThrow().weights());
    ids[3] = 0;
    assertFalse(
        Arrays.equals(
            without.get(0),
            sequenceLearner().setClassWeights(ids).fit(rows).training().orElseThrow().weights()
                .get(0)));
  }

  @Test
  void classWeightsThatMakeNoSenseAreRefused() {
    for (double[] bad : new double[][] {{-1, 1, 1}, {1, Double.NaN, 1}, {0, 0, 0}}) {
      String message =
          assertThrows(
                  IllegalArgumentException.class, () -> Blobs.classifier().setClassWeights(bad))
              .getMessage();
      assertTrue(message.startsWith("classWeights is " + Arrays.toString(bad)), message);
    }
    String message =
        assertThrows(
                IllegalArgumentException.class,
                () -> Blobs.classifier().setClassWeights(1, 2).transformSchema(rows.schema()))
            .getMessage();
    assertTrue(message.contains("2 class weights") && message.contains("3 classes"), message);
  }

  @Test
  void savedEstimatorsAndModelsKeepBoth() throws Exception {
    PipelineParallelClassifier classifier =
        Blobs.classifier().setWeightCol("w").setClassWeights(CLASSES);
    classifier.save(directory.resolve("estimator").toString());
    PipelineParallelClassifier back =
        PipelineParallelClassifier.load(directory.resolve("estimator").toString());
    assertEquals("w", back.getWeightCol());
    assertArrayEquals(CLASSES, back.getClassWeights());
    PipelineParallelClassificationModel model = back.fit(rows);
    model.save(directory.resolve("model").toString());
    PipelineParallelClassificationModel again =
        PipelineParallelClassificationModel.load(directory.resolve("model").toString());
    assertEquals("w", again.getWeightCol());
    assertArrayEquals(CLASSES, again.getClassWeights());
    assertEquals(predictions(model), predictions(again));
  }

  private static List<Row> predictions(PipelineParallelClassificationModel model) {
    return model.transform(rows.drop("w")).orderBy("id").select("probability").collectAsList();
  }

  @Test
  void oneVsRestHandsTheWeightsOn() {
    OneVsRest each =
        new OneVsRest().setClassifier(Blobs.classifier().setLayers(4, 8, 2)).setWeightCol("w");
    assertEquals(3, each.fit(rows).models().length);
    Dataset<Row> none = rows.selectExpr("*", "0 nought");
    Throwable thrown =
        assertThrows(Exception.class, () -> each.setWeightCol("nought").fit(none));
    while (thrown.getCause() != null) {
      thrown = thrown.getCause();
    }
    assertTrue(thrown instanceof EmptyDataException, thrown.toString());
  }

  private static Map<Integer, float[]> weights(PipelineParallelClassifier classifier) {
    return classifier.fit(rows).training().orElseThrow().weights();
  }

  private static void assertSame(Map<Integer, float[]> wanted, Map<Integer, float[]> weights) {
    assertEquals(wanted.keySet(), weights.keySet());
    wanted.forEach((layer, values) -> assertArrayEquals(values, weights.get(layer)));
  }
}
