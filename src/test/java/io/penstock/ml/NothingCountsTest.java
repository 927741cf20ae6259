package io.penstock.ml;

import static org.apache.spark.sql.functions.expr;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.feed.EmptyDataException;
import io.penstock.testing.LocalSpark;
import io.penstock.train.Validation;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;

/** Labels of which none counts are refused, of rows to train on and of rows for validation. */
@Timeout(240)
@LocalSpark(slots = 4)
class NothingCountsTest {
  private static SparkSession spark;
  private static Dataset<Row> blobs;
  private static Dataset<Row> counting;

  @BeforeAll
  static void start(SparkSession session) {
    spark = session;
    blobs = Blobs.rows(spark).withColumn("held", expr("id % 4 = 0")).cache();
    counting = Counting.rows(spark).withColumn("held", expr("id % 4 = 0")).cache();
  }

  private static void refused(Executable fit, String... words) {
    String told = assertThrows(EmptyDataException.class, fit).getMessage();
    for (String word : words) {
      assertTrue(told.contains(word), told);
    }
  }

  @Test
  void sequencesOfPaddingAreRefused() {
    Dataset<Row> padded = counting.withColumn("tags", expr("transform(features, x -> -1)"));
    for (int stages = 1; stages <= 2; stages++) {
      PipelineParallelSequenceLearner learner =
          Counting.learner().setLabelCol("tags").setNumStages(stages);
      refused(() -> learner.fit(padded), "'tags' has no label to train on", "which is padding");
    }
    Dataset<Row> single = counting.withColumn("features", expr("slice(features, 1, 1)"));
    refused(
        () -> Counting.learner().fit(single),
        "'features (next)' has no label to train on",
        "rows of more than one id");
  }

  @Test
  void rowsOfClassesThatDoNotCountAreRefused() {
    Dataset<Row> zeros = blobs.where("label = 0");
    refused(
        () -> Blobs.classifier().setClassWeights(0, 1, 1).fit(zeros),
        "'label' has no label to train on that counts: each is of a class of weight 0");
    Dataset<Row> weighted = blobs.withColumn("w", expr("if(label = 0, 1, 0)"));
    refused(
        () -> Blobs.classifier().setClassWeights(0, 1, 1).setWeightCol("w").fit(weighted),
        "a row of weight 0 in 'w'");
    // One row is enough.
    Dataset<Row> one = weighted.withColumn("w", expr("if(id = 1, 1, w)"));
    PipelineParallelClassifier classifier =
        Blobs.classifier().setClassWeights(0, 1, 1).setWeightCol("w");
    assertEquals(2, classifier.fit(one).summary().totalIterations());
  }

  @Test
  void validationRowsOfWhichNoneCountsAreRefused() {
    Dataset<Row> tagged =
        counting.withColumn("tags", expr("transform(features, x -> if(held, -1, x))"));
    refused(
        () -> Counting.learner().setLabelCol("tags").setValidationIndicatorCol("held").fit(tagged),
        "'tags' has no label for validation");
    Dataset<Row> zeros = blobs.withColumn("label", expr("if(held, 0, label)"));
    refused(
        () ->
            Blobs.classifier()
                .setClassWeights(0, 1, 1)
                .setValidationIndicatorCol("held")
                .fit(zeros),
        "'label' has no label for validation");
  }

  /** Of 15 mini-batches here 14 hold nothing but padding. */
  @Test
  void aFewLabelsAreEnoughAndTheOthersDrawNoMeanToNought() {
    Dataset<Row> sparse =
        counting.withColumn("tags", expr("transform(features, x -> if(id in (3, 8), x, -1))"));
    PipelineParallelSequenceModel model =
        Counting.learner()
            .setLabelCol("tags")
            .setValidationIndicatorCol("held")
            .setBatchSize(3)
            .setStepSize(1e-6)
            .fit(sparse);
    double[] losses = model.training().orElseThrow().stepLosses();
    double untrained = Math.log(Counting.IDS);
    int known = 0;
    for (double loss : losses) {
      known += Double.isNaN(loss) ? 0 : 1;
      assertTrue(Double.isNaN(loss) || Math.abs(loss - untrained) < 1, loss + "");
    }
    assertEquals(2, known, "one step an epoch");
    for (double loss : model.summary().objectiveHistory()) {
      assertEquals(untrained, loss, 1);
    }
    Validation found = model.training().orElseThrow().epochs().get(0).validation();
    assertEquals(untrained, found.loss(), 1);
  }
}
