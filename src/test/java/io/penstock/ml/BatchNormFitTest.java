package io.penstock.ml;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.launch.job.TrainingResult;
import io.penstock.nn.layer.Activation;
import io.penstock.nn.loss.Losses;
import io.penstock.nn.network.Sequential;
import io.penstock.testing.LocalSpark;
import org.apache.spark.SparkEnv;
import org.apache.spark.ml.evaluation.MulticlassClassificationEvaluator;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Batch normalisation of rows of numbers, which learns nothing from a micro-batch of one row. */
@Timeout(240)
@LocalSpark(slots = 4)
class BatchNormFitTest {
  private static SparkSession spark;
  private static Dataset<Row> rows;

  @BeforeAll
  static void start(SparkSession session) {
    spark = session;
    rows = Blobs.rows(spark).cache();
  }

  private static PipelineParallelClassifier normalised() {
    return Blobs.classifier()
        .setNetwork(
            Sequential.input(4)
                .dense(8)
                .batchNorm()
                .activation(Activation.RELU)
                .dense(3)
                .loss(Losses.softmaxCrossEntropy())
                .build());
  }

  private static double accuracy(PipelineParallelClassifier classifier, Dataset<Row> data) {
    return new MulticlassClassificationEvaluator()
        .setMetricName("accuracy")
        .evaluate(classifier.fit(data).transform(rows));
  }

  @Test
  void plansOfMicroBatchesOfOneRowAreRefused() {
    String told =
        assertThrows(
                IllegalArgumentException.class,
                () -> normalised().setBatchSize(8).setNumMicroBatches(5).fit(rows))
            .getMessage();
    assertTrue(told.contains("numMicroBatches is 5, but a mini-batch has 8 rows"), told);
    assertTrue(told.contains("a batch normalisation of one number a channel"), told);
    assertTrue(told.contains("Set numMicroBatches to 4 or less"), told);
    told =
        assertThrows(
                IllegalArgumentException.class,
                () ->
                    normalised()
                        .setBatchSize(3)
                        .setNumMicroBatches(2)
                        .transformSchema(rows.schema()))
            .getMessage();
    assertTrue(told.endsWith("Set numMicroBatches to 1, or a larger batchSize."), told);
    told =
        assertThrows(
                IllegalArgumentException.class,
                () -> normalised().setBatchSize(1).transformSchema(rows.schema()))
            .getMessage();
    assertTrue(told.startsWith("batchSize is 1, but each micro-batch needs at least 2"), told);
    told =
        assertThrows(IllegalArgumentException.class, () -> normalised().fit(rows.where("id = 7")))
            .getMessage();
    assertTrue(told.startsWith("There is 1 row to train on"), told);
  }

  /** Of 3 rows in 4 micro-batches there is one of 3, of which the links must know. */
  @Test
  void largerMicroBatchesThanAnEvenShareGoOverTheNetworkToo() {
    SparkEnv.get().conf().set("spark.penstock.link.networkOnly", "true");
    try {
      for (int batch = 2; batch <= 4; batch++) {
        PipelineParallelClassifier classifier = normalised().setBatchSize(batch).setMaxIter(1);
        classifier.clear(classifier.numMicroBatches());
        Dataset<Row> some = rows.where("id < 29");
        assertEquals(2, classifier.getNumStages());
        classifier.fit(some);
      }
    } finally {
      SparkEnv.get().conf().remove("spark.penstock.link.networkOnly");
    }
  }

  /** 120 rows in mini-batches of 7 leave one, of 119 in such of 9 two. */
  @Test
  void shortMiniBatchesTeachAndAreTheSameOnAnyNumberOfStages() {
    for (int[] cut : new int[][] {{120, 7, 17}, {119, 9, 14}, {119, 39, 4}}) {
      Dataset<Row> some = rows.where("id < " + cut[0]);
      PipelineParallelClassifier classifier =
          normalised().setBatchSize(cut[1]).setNumMicroBatches(3);
      TrainingResult one = classifier.setNumStages(1).fit(some).training().orElseThrow();
      assertEquals(2 * cut[2], one.stepLosses().length);
      for (int stages = 2; stages <= 4; stages++) {
        TrainingResult more = classifier.setNumStages(stages).fit(some).training().orElseThrow();
        assertArrayEquals(one.stepLosses(), more.stepLosses());
        one.weights()
            .toMap()
            .forEach((layer, own) -> assertArrayEquals(own, more.weights().of(layer)));
      }
    }
  }

  @Test
  void theSmallestMicroBatchesStillLearn() {
    PipelineParallelClassifier pairs =
        normalised().setBatchSize(7).setNumMicroBatches(3).setMaxIter(20).setLearningRate(0.01);
    double learnt = accuracy(pairs, rows);
    assertTrue(learnt > 0.9, "accuracy " + learnt);
  }

  @Test
  void aPlanThatIsChosenHasNoMicroBatchOfOneRow() {
    TrainingResult chosen =
        normalised().setBatchSize(6).setSchedule("auto").fit(rows).training().orElseThrow();
    int count = chosen.choice().orElseThrow().best().schedule().microBatches();
    assertTrue(count <= 3, count + " micro-batches");
  }
}
