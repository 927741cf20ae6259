package io.penstock.ml;

import static org.apache.spark.sql.functions.expr;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.nn.Custom;
import io.penstock.nn.Losses;
import io.penstock.nn.Sequential;
import io.penstock.nn.Shape;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.config.Configurator;
import org.apache.spark.ml.feature.VectorAssembler;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.learning.config.AdaDelta;

/** What goes wrong at {@code fit} is told with what to do, and before a job wherever it can be. */
@Timeout(120)
class ClassifierErrorsTest {
  private static final String SCHEDULER = "org.apache.spark.scheduler";
  private static final String EXECUTOR = "org.apache.spark.executor";

  private static SparkSession spark;
  private static Dataset<Row> rows;
  private static final AtomicInteger JOBS = new AtomicInteger();

  /**
   * One way to be wrong.
   *
   * @param says fragments of the message
   */
  record Mistake(
      String name,
      Consumer<PipelineParallelClassifier> params,
      UnaryOperator<Dataset<Row>> data,
      List<String> says) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static Mistake params(
      String name, Consumer<PipelineParallelClassifier> params, String... says) {
    return new Mistake(name, params, data -> data, List.of(says));
  }

  private static Mistake data(String name, UnaryOperator<Dataset<Row>> data, String... says) {
    return new Mistake(name, it -> {}, data, List.of(says));
  }

  private static Mistake column(String name, String column, String value, String... says) {
    return data(name, data -> data.withColumn(column, expr(value)), says);
  }

  @BeforeAll
  static void start() {
    spark = Blobs.session();
    rows = Blobs.rows(spark);
    spark
        .sparkContext()
        .addSparkListener(
            new SparkListener() {
              @Override
              public void onJobStart(SparkListenerJobStart job) {
                JOBS.incrementAndGet();
              }
            });
    // The failures are provoked; their stacks would bury real ones.
    Configurator.setLevel(SCHEDULER, Level.OFF);
    Configurator.setLevel(EXECUTOR, Level.OFF);
  }

  @AfterAll
  static void stop() {
    Configurator.setLevel(SCHEDULER, Level.WARN);
    Configurator.setLevel(EXECUTOR, Level.WARN);
    spark.stop();
  }

  static List<Mistake> beforeAnyJob() {
    return List.of(
        params(
            "more stages than layers",
            it -> it.setNumStages(4),
            "4 stages asked for, but the network has 3 layers",
            "use 3 stages or fewer"),
        params(
            "virtual stages",
            it -> it.setNumVirtualStages(2),
            "1f1b takes 1 stages a rank, not 2",
            "interleaved"),
        params("warm-up", it -> it.setWarmUp(3), "warm-up of schedule 1f1b is fixed"),
        params(
            "an unknown recomputation",
            it -> it.setRecompute("sometimes"),
            "recompute is sometimes",
            "never, always, exceptLast"),
        params("a warm-up below 0", it -> it.setWarmUp(-1), "warmUp is -1", "at least 0"),
        params(
            "forward only",
            it -> it.setSchedule("forward"),
            "forward has no backward",
            "1f1b"),
        params(
            "stageStarts",
            it -> it.setStageStarts(0, 1, 2),
            "makes 3 stages, but 2 are wanted"),
        params("stageStarts' order", it -> it.setStageStarts(0, 2, 2), "[0, 2, 2]", "ascending"),
        params("schedule", it -> it.setSchedule("zigzag"), "zigzag", "one of gpipe, 1f1b"),
        params("updater", it -> it.setUpdater("adma"), "'adma'", "sgd, nesterovs or adam"),
        params("updater's JSON", it -> it.setUpdater("{\"x\":1}"), "updater", "{\"x\":1}"),
        params("one size", it -> it.setLayers(4), "layers is [4]", "at least two sizes"),
        params("a size of 0", it -> it.setLayers(4, 0, 3), "[4, 0, 3]", "each of at least 1"),
        params("one class", it -> it.setLayers(4, 1), "two classes or more"),
        params("no network", it -> it.clear(it.layers()), "No network", "setLayers", "setNetwork"),
        params("network's JSON", it -> it.setNetwork("{}"), "not a network", "penstock-network"),
        params(
            "loss",
            it ->
                it.setNetwork(Sequential.input(4).dense(3).loss(Losses.squaredError()).build())
                    .setNumStages(1),
            "loss is squaredError",
            "loss(Losses.softmaxCrossEntropy())"),
        params(
            "a class for every place",
            it ->
                it.setNetwork(
                    Sequential.input(4)
                        .embedding(9, 5)
                        .dense(3)
                        .loss(Losses.softmaxCrossEntropy().smoothed(0.1))
                        .build()),
            "output rows have shape [4, 3]",
            "lastStep()",
            "PipelineParallelSequenceLearner"),
        params(
            "smoothing of numbers",
            it ->
                it.setNetwork(Sequential.input(4).dense(3).loss(Losses.squaredError()).build())
                    .setLabelSmoothing(0.1),
            "labelSmoothing is 0.1",
            "loss is squaredError",
            "Leave it out"),
        params(
            "a warm-up without a learning rate",
            it -> it.setUpdater(new AdaDelta()).setWarmUpSteps(5),
            "warmUpSteps",
            "AdaDelta has none"),
        params(
            "a custom layer that cannot travel",
            it -> it.setNetwork(untravelling(new Object())).setNumStages(1),
            "java.lang.Object",
            "serialisable"),
        params("clipNorm", it -> it.setClipNorm(-1), "clipNorm is -1.0", "at least 0"),
        params("labelSmoothing", it -> it.setLabelSmoothing(1), "labelSmoothing is 1.0", "below 1"),
        params("numMicroBatches", it -> it.setNumMicroBatches(0), "numMicroBatches is 0"),
        params("batchSize", it -> it.setBatchSize(0), "batchSize is 0", "at least 1"),
        params("epochs", it -> it.setEpochs(0), "maxIter is 0", "at least 1"),
        params("learning rate 0", it -> it.setLearningRate(0), "stepSize is 0.0", "above 0"),
        params("learning rate NaN", it -> it.setLearningRate(Double.NaN), "NaN", "finite"),
        params(
            "thresholds",
            it -> it.setThresholds(new double[] {0.5, 0.5}),
            "2 thresholds and 3 classes"),
        params("features", it -> it.setFeaturesCol("f"), "no feature column 'f'", "has: id, label"),
        params("columns", it -> it.setFeaturesCols("a", "z"), "no feature column 'z'"),
        params("fewer columns", it -> it.setFeaturesCols("a", "b"), "2 features", "network takes 4"),
        params(
            "the label as feature",
            it -> it.setFeaturesCols("a", "b", "c", "label"),
            "'label' is both a feature and the label"),
        params("label", it -> it.setLabelCol("y"), "no label column 'y'"),
        params("a number", it -> it.setFeaturesCol("a"), "1 features where the network takes 4"),
        params(
            "slots",
            it -> it.setLayers(4, 8, 8, 3).setNumStages(5),
            "5 stages need 5 tasks at the same time, this master runs 4",
            "--master local[5]"),
        column("text as label", "label", "'cat'", "'label' is of type string", "StringIndexer"),
        column("prediction", "prediction", "1", "'prediction' exists already", "predictionCol"),
        data(
            "declared width",
            data ->
                new VectorAssembler()
                    .setInputCols(new String[] {"a", "b"})
                    .setOutputCol("features")
                    .transform(data.drop("features")),
            "2 features where the network takes 4"));
  }

  private static Sequential untravelling(Object captured) {
    return Sequential.input(4)
        .layer(Custom.of(Shape.of(3), (sd, x) -> x.mul(captured.hashCode())))
        .loss(Losses.softmaxCrossEntropy())
        .build();
  }

  @ParameterizedTest
  @MethodSource("beforeAnyJob")
  void aMistakeIsToldBeforeAnyJob(Mistake mistake) throws Exception {
    int before = jobs();
    assertTold(mistake);
    assertEquals(before, jobs(), "jobs started");
  }

  static List<Mistake> inTheData() {
    return List.of(
        column(
            "null",
            "features",
            "if(id = 100, null, features)",
            "Row 20 of partition 2: column 'features' is null"),
        column(
            "NaN",
            "features",
            "if(id = 45, array(a, float('NaN'), c, d), floats)",
            "Row 5 of partition 1: column 'features[1]' is NaN"),
        column(
            "another length",
            "features",
            "if(id = 3, slice(floats, 1, 3), floats)",
            "Row 3 of partition 0: column 'features' holds 3 values where 4 are expected"),
        column("another width", "features", "array(a, b)", "holds 2 values where 4 are expected"),
        column("null label", "label", "if(id = 100, null, label)", "column 'label' is null"),
        column(
            "negative label", "label", "label - 1", "column 'label' is -1.0", "cannot be negative"),
        column("fraction", "label", "label / 2", "column 'label' is 0.5", "a whole number"),
        column(
            "too many classes",
            "label",
            "label + 1",
            "column 'label' is 3.0; with 3 classes it must lie from 0 to 2"),
        data("no rows", data -> data.where("id < 0"), "has no rows", "a filter, a join"));
  }

  @ParameterizedTest
  @MethodSource("inTheData")
  void whatOnlyTheDataShowIsToldWithItsPlace(Mistake mistake) throws Exception {
    int before = jobs();
    assertTold(mistake);
    assertTrue(jobs() > before, "no job was counted");
  }

  private static void assertTold(Mistake mistake) {
    RuntimeException thrown =
        assertThrows(
            RuntimeException.class,
            () -> {
              PipelineParallelClassifier classifier = Blobs.classifier();
              mistake.params().accept(classifier);
              classifier.fit(mistake.data().apply(rows));
            });
    for (String fragment : mistake.says()) {
      assertTrue(String.valueOf(thrown.getMessage()).contains(fragment), thrown::toString);
    }
  }

  private static int jobs() throws Exception {
    spark.sparkContext().listenerBus().waitUntilEmpty();
    return JOBS.get();
  }
}
