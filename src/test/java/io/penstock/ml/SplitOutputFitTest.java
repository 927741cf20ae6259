package io.penstock.ml;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.launch.job.TrainingFailedException;
import io.penstock.nn.loss.Losses;
import io.penstock.nn.network.Sequential;
import io.penstock.nn.network.SplitOutput;
import io.penstock.testing.LocalSpark;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.spark.ml.Model;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A fit with {@code outputBlocks} trains, scores, is saved and goes on as any other. */
@Timeout(240)
@LocalSpark(slots = 4)
class SplitOutputFitTest {
  private static final String WAY = "spark.penstock.scoring.way";
  private static final String STAGES = "spark.penstock.scoring.stages";

  @TempDir Path directory;
  private final SparkSession spark;

  SplitOutputFitTest(SparkSession spark) {
    this.spark = spark;
  }

  @AfterEach
  void reset() {
    spark.conf().unset(WAY);
    spark.conf().unset(STAGES);
  }

  private static PipelineParallelClassifier classifier() {
    return Blobs.classifier().setFeaturesCol("floats").setOutputBlocks(3).setNumStages(3);
  }

  private static PipelineParallelSequenceLearner learner() {
    Sequential gpt = Counting.gpt(0.1).loss(Losses.softmaxCrossEntropy()).build();
    return Counting.learner().setNetwork(gpt).setOutputBlocks(4).setPerplexityCol("perplexity");
  }

  private static Map<Integer, float[]> weights(TrainingSummary summary) {
    return summary.result().weights().toMap();
  }

  private static void assertSame(Map<Integer, float[]> wanted, Map<Integer, float[]> weights) {
    assertEquals(wanted.keySet(), weights.keySet());
    wanted.forEach((layer, values) -> assertArrayEquals(values, weights.get(layer)));
  }

  private static List<Row> measured(TrainingSummary summary) {
    return summary.epochs().select("loss", "validationLoss", "metric").collectAsList();
  }

  @Test
  void aClassifierLearnsTheSameOnAnyStagesAndSchedule() {
    Dataset<Row> rows = Blobs.rows(spark).selectExpr("*", "id % 5 = 0 held", "1d + id % 2 w");
    PipelineParallelClassifier classifier =
        classifier()
            .setNumStages(1)
            .setClassWeights(1, 2, 0.5)
            .setLabelSmoothing(0.1)
            .setWeightCol("w")
            .setValidationIndicatorCol("held");
    TrainingSummary one = classifier.fit(rows).summary();
    for (String schedule : List.of("1f1b", "zb-v", "interleaved")) {
      TrainingSummary some = classifier.setNumStages(2).setSchedule(schedule).fit(rows).summary();
      assertSame(weights(one), weights(some));
      assertArrayEquals(one.objectiveHistory(), some.objectiveHistory());
      assertEquals(measured(one), measured(some));
    }
    classifier.setSchedule("1f1b").setNumStages(4);
    assertSame(weights(one), weights(classifier.fit(rows).summary()));
    classifier.setNumStages(1).setGradientGroups(2);
    TrainingSummary groups = classifier.fit(rows).summary();
    classifier.clear(classifier.gradientGroups());
    assertSame(
        weights(groups), weights(classifier.setNumStages(2).setNumReplicas(2).fit(rows).summary()));
  }

  @Test
  void whatIsLearntScoresBothWaysAndIsSavedLoadedAndBegunWith() throws Exception {
    Dataset<Row> rows = Blobs.rows(spark);
    PipelineParallelClassificationModel model = classifier().setEpochs(20).fit(rows);
    List<Row> scored = scored(model, rows, 0);
    for (int stages = 1; stages <= 4; stages++) {
      assertEquals(scored, scored(model, rows, stages));
    }
    long hits =
        scored.stream().filter(row -> row.getAs("label").equals(row.getAs("prediction"))).count();
    assertTrue(hits > 110, hits + " of 120");
    String path = directory.resolve("model").toString();
    model.save(path);
    PipelineParallelClassificationModel loaded = PipelineParallelClassificationModel.load(path);
    assertEquals(scored, scored(loaded, rows, 0));
    assertEquals(3, SplitOutput.in(loaded.describe()).orElseThrow().blocks());
    PipelineParallelClassifier warm = classifier().setInitialModel(loaded);
    warm.fit(rows);
    IllegalArgumentException other =
        assertThrows(IllegalArgumentException.class, () -> warm.setOutputBlocks(2).fit(rows));
    assertTrue(other.getMessage().contains("(outputBlocks 3 would do)"), other.getMessage());
    String estimator = directory.resolve("estimator").toString();
    classifier().save(estimator);
    assertEquals(3, PipelineParallelClassifier.load(estimator).getOutputBlocks());
  }

  private List<Row> scored(Model<?> model, Dataset<Row> rows, int stages) {
    spark.conf().set(WAY, stages == 0 ? "local" : "pipeline");
    if (stages > 0) {
      spark.conf().set(STAGES, String.valueOf(stages));
    }
    return model.transform(rows).collectAsList();
  }

  @Test
  void sequencesAreLearntScoredAndGoneOnWith() {
    Dataset<Row> rows = Counting.rows(spark);
    PipelineParallelSequenceModel one = learner().setNumStages(1).fit(rows);
    PipelineParallelSequenceModel model =
        learner().setNumStages(4).setRecompute("always").fit(rows);
    assertSame(weights(one.summary()), weights(model.summary()));
    List<Row> scored = scored(model, rows, 0);
    assertEquals(scored, scored(model, rows, 3));
    PipelineParallelSequenceModel learnt = learner().setMaxIter(60).fit(rows);
    assertArrayEquals(new int[] {2, 3, 4, 5}, learnt.generate(new int[] {2, 3}, 2, 0, 1));
    double whole =
        learner().setOutputBlocks(1).setMaxIter(60).fit(rows).summary().objectiveHistory()[59];
    assertEquals(whole, learnt.summary().objectiveHistory()[59], 0.1);
  }

  @Test
  void theProfileOfAutoMeasuresTheBlocks() {
    Dataset<Row> rows = Counting.rows(spark);
    PipelineParallelSequenceLearner learner = learner().setNumStages(2).setNumMicroBatches(4);
    Map<Integer, float[]> wanted = weights(learner.fit(rows).summary());
    assertSame(wanted, weights(learner.setSchedule("auto").fit(rows).summary()));
  }

  /** A wide output behind narrow layers, on stages of which one would hold nearly all. */
  private static PipelineParallelClassifier wide() {
    return new PipelineParallelClassifier()
        .setFeaturesCol("floats")
        .setLayers(4, 16, 16, 16, 1024)
        .setBatchSize(32)
        .setEpochs(1)
        .setOutputBlocks(0)
        .setNumStages(3);
  }

  @Test
  void thePlannerSplitsWhatIsTooHeavyAndNothingElse() {
    Dataset<Row> rows = Blobs.rows(spark);
    Explanation plan = wide().explain(rows);
    String text = plan.toString();
    assertTrue(
        text.contains("output projection in " + plan.outputBlocks() + " blocks of columns"), text);
    PipelineParallelClassificationModel model = wide().fit(rows);
    int blocks = SplitOutput.in(model.describe()).orElseThrow().blocks();
    assertTrue(3 <= blocks && blocks <= 6, blocks + " blocks");
    assertEquals(blocks, plan.outputBlocks());
    assertEquals(
        blocks,
        plan.stages().stream()
            .flatMap(stage -> stage.layers().stream())
            .filter(layer -> layer.kind().equals("OutputBlock"))
            .count());
    assertSame(
        weights(model.summary()),
        weights(wide().setOutputBlocks(blocks).setNumStages(1).fit(rows).summary()));
    assertTrue(SplitOutput.in(wide().setNumStages(1).fit(rows).describe()).isEmpty());
    PipelineParallelClassifier narrow = classifier().setOutputBlocks(0).setNumStages(2);
    assertTrue(SplitOutput.in(narrow.fit(rows).describe()).isEmpty());
    assertEquals(1, narrow.explain(rows).outputBlocks());
    assertFalse(narrow.explain(rows).toString().contains("blocks of columns"));
  }

  @Test
  void whereTheStagesAreToBeChosenTheExecutorsThatThereAreCount() {
    PipelineParallelClassifier auto = wide().setNumStages(0).setSchedule("auto");
    assertTrue(SplitOutput.in(auto.fit(Blobs.rows(spark)).describe()).isPresent());
  }

  @Test
  void aFitGoesOnInTheBlocksOfItsCheckpoint() {
    Dataset<Row> rows = Blobs.rows(spark);
    String checkpoints = directory.resolve("checkpoints").toUri().toString();
    PipelineParallelClassifier classifier =
        wide().setCheckpointDir(checkpoints).setEpochs(2).setKeepLastCheckpoint(true);
    PipelineParallelClassificationModel model = classifier.fit(rows);
    PipelineParallelClassificationModel longer = classifier.setNumStages(1).setEpochs(4).fit(rows);
    assertEquals(
        SplitOutput.in(model.describe()).orElseThrow().blocks(),
        SplitOutput.in(longer.describe()).orElseThrow().blocks());
    TrainingSummary straight = wide().setEpochs(4).fit(rows).summary();
    assertSame(weights(straight), weights(longer.summary()));
  }

  @Test
  void anOutputOfNumbersIsSplitToo() {
    Dataset<Row> rows = Blobs.rows(spark);
    PipelineParallelRegressor regressor =
        new PipelineParallelRegressor()
            .setFeaturesCol("floats")
            .setLabelCol("a")
            .setNetwork(Sequential.input(4).dense(8).dense(1).loss(Losses.squaredError()).build());
    assertEquals(1, regressor.fit(rows).describe().output().size());
    assertThrows(IllegalArgumentException.class, () -> regressor.setOutputBlocks(2).fit(rows));
  }

  @Test
  void whatCannotBeSplitIsRefusedWithWhatToDo() {
    Sequential tied =
        Sequential.input(Counting.LENGTH)
            .embedding(Counting.IDS, 8)
            .layerNorm()
            .tiedDense(0, Counting.IDS)
            .loss(Losses.softmaxCrossEntropy())
            .build();
    Dataset<Row> rows = Counting.rows(spark);
    PipelineParallelSequenceLearner learner = Counting.learner().setNetwork(tied);
    String message =
        assertThrows(IllegalArgumentException.class, () -> learner.setOutputBlocks(2).fit(rows))
            .getMessage();
    assertTrue(message.contains("outputBlocks is 2") && message.contains("stay whole"), message);
    assertTrue(
        SplitOutput.in(learner.setOutputBlocks(0).fit(rows).describe()).isEmpty(),
        "a planner that has nothing to split");
    for (String rounded : List.of("bfloat16", "float16")) {
      String lost =
          assertThrows(
                  IllegalArgumentException.class,
                  () -> learner().setLinkPrecision(rounded).fit(rows))
              .getMessage();
      assertTrue(lost.contains("outputBlocks"), lost);
    }
    assertFalse(classifier().fit(Blobs.rows(spark)).describe().layers().isEmpty());
  }

  @Test
  void aLabelOfNoClassEndsTheFitWithItsName() {
    Dataset<Row> rows = Counting.rows(spark).selectExpr("*", "transform(features, x -> x + 1) y");
    RuntimeException thrown =
        assertThrows(RuntimeException.class, () -> learner().setLabelCol("y").fit(rows));
    assertFalse(thrown instanceof TrainingFailedException failed && failed.getMessage() == null);
    assertTrue(thrown.getMessage().contains("must be below 7"), thrown.getMessage());
  }
}
