package io.penstock.ml;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.rand;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.balance.Choice;
import io.penstock.launch.job.TrainingResult;
import io.penstock.nn.layer.Activation;
import io.penstock.nn.loss.Losses;
import io.penstock.nn.network.Sequential;
import io.penstock.nn.update.Updater;
import io.penstock.testing.LocalSpark;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.evaluation.MulticlassClassificationEvaluator;
import org.apache.spark.ml.feature.IndexToString;
import org.apache.spark.ml.feature.StringIndexer;
import org.apache.spark.ml.feature.VectorAssembler;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.tuning.CrossValidator;
import org.apache.spark.ml.tuning.CrossValidatorModel;
import org.apache.spark.ml.tuning.ParamGridBuilder;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.schedule.ScheduleType;
import org.nd4j.linalg.schedule.StepSchedule;

@Timeout(120)
@LocalSpark(slots = 4)
class PipelineParallelClassifierTest {
  private static SparkSession spark;
  private static Dataset<Row> rows;
  private static Map<Integer, float[]> wanted;

  @TempDir Path directory;

  @BeforeAll
  static void start(SparkSession session) {
    spark = session;
    rows = Blobs.rows(spark).cache();
    wanted = weights(Blobs.classifier(), rows);
  }

  private static Map<Integer, float[]> weights(
      PipelineParallelClassifier classifier, Dataset<Row> data) {
    return classifier.fit(data).training().orElseThrow().weights().toMap();
  }

  private static void assertSame(Map<Integer, float[]> weights) {
    assertEquals(wanted.keySet(), weights.keySet());
    wanted.forEach((layer, values) -> assertArrayEquals(values, weights.get(layer)));
  }

  private static boolean differ(Map<Integer, float[]> weights) {
    return !Arrays.equals(wanted.get(0), weights.get(0));
  }

  private static List<Row> predictions(Dataset<Row> scored) {
    return scored
        .orderBy("id")
        .select("rawPrediction", "probability", "prediction")
        .collectAsList();
  }

  @Test
  void everyLayoutOfTheFeaturesGivesTheSameModel() {
    assertSame(weights(Blobs.classifier().setFeaturesCol("floats"), rows));
    assertSame(weights(Blobs.classifier().setFeaturesCol("doubles"), rows));
    assertSame(weights(Blobs.classifier().setFeaturesCols(Blobs.COLUMNS), rows));
  }

  @Test
  void partitionsAndTheOrderOfRowsDoNotMatter() {
    assertSame(weights(Blobs.classifier(), rows.coalesce(1)));
    assertSame(weights(Blobs.classifier(), rows.repartition(17)));
    assertSame(weights(Blobs.classifier(), rows.orderBy(rand(5))));
  }

  @Test
  void stagesDoNotMatterAndTheSeedDoes() {
    assertSame(weights(Blobs.classifier().setNumStages(1), rows));
    assertSame(weights(Blobs.classifier().setNumStages(3).setSchedule("gpipe"), rows));
    assertTrue(differ(weights(Blobs.classifier().setSeed(43), rows)));
  }

  @Test
  void schedulesDoNotMatterNorWhoseTheyAre() throws Exception {
    assertSame(weights(Blobs.classifier().setSchedule("eager-1f1b").setWarmUp(1), rows));
    assertSame(weights(Blobs.classifier().setStageStarts(0, 1), rows));
    Path file = directory.resolve("mine.csv");
    Files.writeString(file, "0F0,0F1,0F2,0F3,0B0,0B1,0B2,0B3\n,1F0,1B0,1F1,,1B1,1F2,1B2,1F3,1B3\n");
    assertSame(weights(Blobs.classifier().setSchedule(file.toString()), rows));
  }

  @Test
  void severalStagesOnAnExecutorDoNotMatter() {
    PipelineParallelClassifier classifier = Blobs.classifier().setLayers(4, 8, 6, 3);
    Map<Integer, float[]> one = weights(classifier.setNumStages(1), rows);
    classifier.setNumStages(2);
    for (String id : List.of("interleaved", "looped-bfs", "zb-v", "v-min", "dualpipe-v")) {
      Map<Integer, float[]> four = weights(classifier.setSchedule(id), rows);
      assertEquals(one.keySet(), four.keySet());
      one.forEach((layer, values) -> assertArrayEquals(values, four.get(layer), id));
    }
    classifier.setSchedule("zb-h1").setNumVirtualStages(2);
    assertEquals(4, classifier.resolveSchedule().stages());
    one.forEach((layer, values) -> assertArrayEquals(values, weights(classifier, rows).get(layer)));
  }

  @Test
  void aPlanIsChosenByWhatTheExecutorsMeasure() {
    PipelineParallelClassifier classifier = Blobs.classifier().setSchedule("auto");
    TrainingResult open = classifier.fit(rows).training().orElseThrow();
    Choice choice = open.choice().orElseThrow();
    assertTrue(choice.table().contains("chosen: " + choice.best()), choice.table());
    assertTrue(choice.best().seconds() > 0);
    assertEquals(2, open.processes().size());
    assertTrue(open.prediction().orElseThrow().startsWith("Step time predicted "));
    // What was chosen can be said, and gives the same.
    PipelineParallelClassifier said =
        Blobs.classifier()
            .setSchedule(choice.best().request().id())
            .setNumMicroBatches(choice.best().request().microBatches());
    open.weights()
        .toMap()
        .forEach((layer, values) -> assertArrayEquals(values, weights(said, rows).get(layer)));
  }

  @Test
  void whatIsSetIsNotChosen() {
    PipelineParallelClassifier classifier =
        Blobs.classifier().setSchedule("auto").setNumMicroBatches(4);
    TrainingResult fixed = classifier.fit(rows).training().orElseThrow();
    assertEquals(4, fixed.choice().orElseThrow().best().request().microBatches());
    assertSame(fixed.weights().toMap());
  }

  @Test
  void aLabelMayBeAnInteger() {
    assertSame(weights(Blobs.classifier(), rows.withColumn("label", col("label").cast("int"))));
  }

  @Test
  void learnsWhatCanBeSeparated() {
    PipelineParallelClassificationModel model = Blobs.classifier().setEpochs(20).fit(rows);
    double accuracy =
        new MulticlassClassificationEvaluator()
            .setMetricName("accuracy")
            .evaluate(model.transform(rows));
    assertTrue(accuracy > 0.95, "accuracy " + accuracy);
    double[] losses = model.training().orElseThrow().stepLosses();
    assertTrue(losses[losses.length - 1] < losses[0] / 2, Arrays.toString(losses));
  }

  @Test
  void aParamMapGivenToFitHoldsForThatFitAndItsModel() {
    PipelineParallelClassifier classifier = Blobs.classifier().setEpochs(1);
    ParamMap extra =
        new ParamMap().put(classifier.maxIter(), 2).put(classifier.predictionCol(), "class");
    PipelineParallelClassificationModel model = classifier.fit(rows, extra);
    assertSame(model.training().orElseThrow().weights().toMap());
    assertEquals(2, model.getEpochs());
    assertEquals("class", model.getPredictionCol());
    assertEquals(1, classifier.getEpochs());
    assertEquals(classifier.uid(), model.parent().uid());
  }

  @Test
  void anUpdaterOfNd4jsBringsItsSchedule() {
    StepSchedule halved = new StepSchedule(ScheduleType.ITERATION, 0.02, 0.5, 2);
    PipelineParallelClassifier classifier = Blobs.classifier().setUpdater(new Adam(halved));
    assertEquals(Updater.of(new Adam(halved)), classifier.resolveUpdater());
    assertTrue(differ(weights(classifier, rows)));
    assertSame(weights(Blobs.classifier().setUpdater(new Adam(0.02)).setLearningRate(9), rows));
  }

  @Test
  void aNetworkMayHaveDropoutAndStillDoesNotDependOnTheStages() {
    Sequential network =
        Sequential.input(4)
            .dense(8, Activation.TANH)
            .dropout(0.25)
            .dense(3)
            .loss(Losses.softmaxCrossEntropy())
            .build();
    PipelineParallelClassifier classifier = Blobs.classifier().setNetwork(network);
    PipelineParallelClassificationModel model = classifier.fit(rows);
    assertEquals(network, model.describe());
    Map<Integer, float[]> one = weights(classifier.setNumStages(1), rows);
    model
        .training()
        .orElseThrow()
        .weights()
        .toMap()
        .forEach((layer, values) -> assertArrayEquals(values, one.get(layer)));
    assertEquals(
        predictions(model.transform(rows)),
        predictions(model.transform(rows)),
        "scoring drops nothing out");
  }

  @Test
  void worksInAnMlPipelineThatIsSavedBeforeAndAfterItsFit() throws Exception {
    Dataset<Row> raw =
        rows.selectExpr("id", "a", "b", "c", "d", "concat('class ', cast(label as int)) text");
    Pipeline pipeline =
        new Pipeline()
            .setStages(
                new PipelineStage[] {
                  new StringIndexer().setInputCol("text").setOutputCol("label"),
                  new VectorAssembler().setInputCols(Blobs.COLUMNS).setOutputCol("features"),
                  Blobs.classifier().setUpdater(new Adam(0.02))
                });
    String unfitted = directory.resolve("pipeline").toString();
    pipeline.write().overwrite().save(unfitted);
    Pipeline loaded = Pipeline.load(unfitted);
    PipelineParallelClassifier classifier = (PipelineParallelClassifier) loaded.getStages()[2];
    assertEquals(pipeline.getStages()[2].uid(), classifier.uid());
    assertArrayEquals(new int[] {4, 8, 3}, classifier.getLayers());
    assertEquals(32, classifier.getBatchSize());
    assertEquals(Updater.adam(0.02), classifier.resolveUpdater());
    assertFalse(classifier.isSet(classifier.seed()));

    PipelineModel model = pipeline.fit(raw);
    List<Row> predictions = predictions(model.transform(raw));
    assertEquals(predictions, predictions(loaded.fit(raw).transform(raw)));
    String fitted = directory.resolve("model").toString();
    IndexToString names = new IndexToString().setInputCol("prediction").setOutputCol("name");
    assertEquals(
        model.transform(raw).where("prediction = label").count(),
        names.transform(model.transform(raw)).where("name = text").count());
    model.write().overwrite().save(fitted);
    model.write().overwrite().save(fitted);
    Dataset<Row> scored = PipelineModel.load(fitted).transform(raw);
    assertEquals(predictions, predictions(scored));
    assertTrue(names.transform(scored).where("name = text").count() > 0, "the names are saved");
  }

  @Test
  void aCrossValidatorChoosesAmongParams() {
    PipelineParallelClassifier classifier = Blobs.classifier().setNumStages(2).setEpochs(4);
    CrossValidatorModel best =
        new CrossValidator()
            .setEstimator(classifier)
            .setEvaluator(new MulticlassClassificationEvaluator().setMetricName("accuracy"))
            .setEstimatorParamMaps(
                new ParamGridBuilder()
                    .addGrid(classifier.stepSize(), new double[] {1e-6, 0.05})
                    .build())
            .setNumFolds(2)
            .setSeed(3)
            .fit(rows);
    assertEquals(2, best.avgMetrics().length);
    assertTrue(best.avgMetrics()[1] > best.avgMetrics()[0], Arrays.toString(best.avgMetrics()));
    assertEquals(0.05, ((PipelineParallelClassificationModel) best.bestModel()).getLearningRate());
  }
}
