package io.penstock.ml;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.feed.EmptyDataException;
import io.penstock.nn.loss.Losses;
import io.penstock.nn.network.Sequential;
import io.penstock.testing.LocalSpark;
import java.util.Arrays;
import java.util.Map;
import org.apache.spark.ml.classification.OneVsRest;
import org.apache.spark.ml.evaluation.MulticlassClassificationEvaluator;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** {@code classWeights}, alone and with {@code weightCol}. */
@Timeout(240)
@LocalSpark(slots = 4)
class ClassWeightsFitTest {
  private static final double[] CLASSES = {1, 2, 0.5};

  private static SparkSession spark;
  private static Dataset<Row> rows;

  @BeforeAll
  static void start(SparkSession session) {
    spark = session;
    rows =
        Blobs.rows(spark)
            .selectExpr("*", "id % 4 / 2 w", "if(label = 0, 1, if(label = 1, 2, 0.5)) ofClass")
            .cache();
  }

  @Test
  void aClassWeightIsTheWeightOfEachOfItsRows() {
    assertSame(
        weights(Blobs.classifier().setWeightCol("ofClass"), rows),
        weights(Blobs.classifier().setClassWeights(CLASSES), rows));
    Dataset<Row> product = rows.selectExpr("*", "w * ofClass product");
    assertSame(
        weights(Blobs.classifier().setWeightCol("product"), product),
        weights(Blobs.classifier().setClassWeights(CLASSES).setWeightCol("w"), rows));
  }

  @Test
  void classWeightsOfOneOrNoneAreTheSameAsNone() {
    Map<Integer, float[]> without = weights(Blobs.classifier(), rows);
    assertSame(without, weights(Blobs.classifier().setClassWeights(1, 1, 1), rows));
    assertSame(without, weights(Blobs.classifier().setClassWeights(), rows));
    Sequential own = Sequential.perceptron(Losses.softmaxCrossEntropy().weighted(CLASSES), 4, 8, 3);
    assertSame(without, weights(Blobs.classifier().setNetwork(own).setClassWeights(), rows));
    assertSame(
        weights(Blobs.classifier().setClassWeights(CLASSES), rows),
        weights(Blobs.classifier().setNetwork(own), rows));
  }

  @Test
  void idsOfSequencesHaveWeightsToo() {
    Dataset<Row> counting = Counting.rows(spark).cache();
    int ids = Math.toIntExact(Counting.learner().getNetwork().output().dims().get(1));
    double[] weights = new double[ids];
    Arrays.fill(weights, 1);
    PipelineParallelSequenceModel without = Counting.learner().fit(counting);
    PipelineParallelSequenceModel ones = Counting.learner().setClassWeights(weights).fit(counting);
    assertSame(
        without.training().orElseThrow().weights().toMap(),
        ones.training().orElseThrow().weights().toMap());
    weights[1] = 0;
    PipelineParallelSequenceModel other = Counting.learner().setClassWeights(weights).fit(counting);
    assertFalse(
        Arrays.equals(without.parameters().get(0).values(), other.parameters().get(0).values()));
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

  /** One class in sixteen rows is found by weight, where without it nobody would miss it. */
  @Test
  void balancedWeightsFindARareClass() {
    Dataset<Row> unequal =
        spark
            .range(320)
            .selectExpr(
                "if(id % 16 = 0, 1d, 0d) label",
                "array(if(id % 16 = 0, 0.3d, -0.3d) + pmod(hash(id), 1000) / 500d) features");
    PipelineParallelClassifier plain =
        new PipelineParallelClassifier()
            .setLayers(1, 8, 2)
            .setBatchSize(64)
            .setMaxIter(40)
            .setStepSize(0.02);
    double without = recall(plain, unequal);
    double[] balanced = ClassWeights.balanced(unequal, "label", 2);
    assertArrayEquals(new double[] {16 / 30.0, 8}, balanced, 1e-15);
    double with = recall(plain.setClassWeights(balanced), unequal);
    assertTrue(with > 0.5 && with > without + 0.2, "recall from " + without + " to " + with);
  }

  private static double recall(PipelineParallelClassifier classifier, Dataset<Row> data) {
    return new MulticlassClassificationEvaluator()
        .setMetricName("recallByLabel")
        .setMetricLabel(1)
        .evaluate(classifier.fit(data).transform(data));
  }

  @Test
  void rowsOfWeightNoughtTeachNothing() {
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
  void oneVersusRestHandsTheWeightsOn() {
    OneVsRest each =
        new OneVsRest().setClassifier(Blobs.classifier().setLayers(4, 8, 2)).setWeightCol("w");
    assertEquals(3, each.fit(rows).models().length);
    Dataset<Row> none = rows.selectExpr("*", "0 nought");
    Throwable thrown = assertThrows(Exception.class, () -> each.setWeightCol("nought").fit(none));
    while (thrown.getCause() != null) {
      thrown = thrown.getCause();
    }
    assertTrue(thrown instanceof EmptyDataException, thrown.toString());
  }

  private static Map<Integer, float[]> weights(
      PipelineParallelClassifier classifier, Dataset<Row> data) {
    return classifier.fit(data).training().orElseThrow().weights().toMap();
  }

  private static void assertSame(Map<Integer, float[]> wanted, Map<Integer, float[]> weights) {
    assertEquals(wanted.keySet(), weights.keySet());
    wanted.forEach((layer, values) -> assertArrayEquals(values, weights.get(layer)));
  }
}
