package io.penstock.examples;

import io.penstock.balance.Cut;
import io.penstock.balance.Layout;
import io.penstock.launch.EpochCompleted;
import io.penstock.launch.PreflightException;
import io.penstock.launch.TrainingResult;
import io.penstock.ml.PipelineParallelClassificationModel;
import io.penstock.ml.PipelineParallelClassifier;
import io.penstock.nn.Sequential;
import io.penstock.schedule.Schedule;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Locale;
import org.apache.commons.io.FileUtils;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.evaluation.MulticlassClassificationEvaluator;
import org.apache.spark.ml.feature.IndexToString;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.schedule.ScheduleType;
import org.nd4j.linalg.schedule.StepSchedule;

/**
 * Trains a classifier of clothing on Fashion-MNIST, one executor a stage, inside an ML pipeline;
 * then saves that, loads it again and uses it.
 *
 * <p>{@code examples/run fashion-mnist [--stages 2] [--micro-batches 4] [--schedule 1f1b]
 * [--virtual 1] [--epochs 12] [--batch-size 256] [--learning-rate 0.001] [--data FOLDER] [--model
 * FOLDER]}
 */
public final class FashionMnistTraining {
  private static final int[] LAYERS = {FashionMnist.FEATURES, 256, 128, 100, FashionMnist.CLASSES};

  /** The last steps are small ones: after so many epochs the learning rate is so much less. */
  private static final double DECAY = 0.4;

  private static final int DECAYS = 3;

  private FashionMnistTraining() {}

  /** Runs the job; see the class. A wrong option ends it with a message and exit status 2. */
  public static void main(String[] arguments) throws IOException {
    try {
      train(
          Options.parse(
              arguments,
              "stages=2",
              "micro-batches=",
              "schedule=1f1b",
              "virtual=",
              "epochs=12",
              "batch-size=256",
              "learning-rate=0.001",
              "data=" + FashionMnist.sample(),
              "model="));
    } catch (IllegalArgumentException | PreflightException wrong) {
      System.err.println("fashion-mnist: " + wrong.getMessage());
      System.exit(2);
    }
  }

  private static void train(Options options) throws IOException {
    PipelineParallelClassifier classifier = classifier(options);
    Pipeline pipeline =
        new Pipeline()
            .setStages(
                new PipelineStage[] {
                  classifier,
                  new IndexToString()
                      .setInputCol("prediction")
                      .setOutputCol("clothing")
                      .setLabels(FashionMnist.names())
                });
    describe(classifier);
    SparkSession spark = SparkSession.builder().appName("Fashion-MNIST").getOrCreate();
    spark.sparkContext().addSparkListener(new EpochLines());
    FashionMnist data = new FashionMnist(spark, options.text("data"));
    Dataset<Row> train = data.train();
    Dataset<Row> test = data.test().cache();

    long start = System.nanoTime();
    PipelineModel model = pipeline.fit(train);
    double seconds = (System.nanoTime() - start) / 1e9;

    double accuracy = accuracy(model, test);
    checkSaved(model, options.text("model"), test, accuracy);
    show(model, test);
    TrainingResult training =
        ((PipelineParallelClassificationModel) model.stages()[0]).training().orElseThrow();
    training.choice().ifPresent(choice -> System.out.print(choice.table()));
    training.prediction().ifPresent(System.out::println);
    spark.stop(); // hands out what the listeners have not heard yet
    new Result()
        .with("stages", classifier.getNumStages())
        .with("executors", training.processes().stream().distinct().count())
        .with("test_accuracy", accuracy)
        .with("rows_per_s", Math.round(median(training)))
        .with("fit_s", String.format(Locale.ROOT, "%.1f", seconds))
        .print();
  }

  private static PipelineParallelClassifier classifier(Options options) {
    int epochs = options.count("epochs");
    double learningRate = options.number("learning-rate");
    if (!(learningRate > 0)) {
      throw new IllegalArgumentException(
          "--learning-rate is '" + learningRate + "': write a number above 0, such as 0.001");
    }
    double period = Math.max(1, Math.ceil(epochs / (DECAYS + 1.0)));
    PipelineParallelClassifier classifier =
        new PipelineParallelClassifier()
            .setLayers(LAYERS)
            .setNumStages(options.count("stages"))
            .setSchedule(options.text("schedule"))
            .setEpochs(epochs)
            .setBatchSize(options.count("batch-size"))
            .setUpdater(
                new Adam(new StepSchedule(ScheduleType.EPOCH, learningRate, DECAY, period)));
    if (!options.text("micro-batches").isEmpty()) {
      classifier.setNumMicroBatches(options.count("micro-batches"));
    }
    if (!options.text("virtual").isEmpty()) {
      classifier.setNumVirtualStages(options.count("virtual"));
    }
    return classifier;
  }

  /** Says what will happen: layers by stage, and the way of a mini-batch through them. */
  private static void describe(PipelineParallelClassifier classifier) {
    if (classifier.isAutoSchedule()) {
      System.out.printf(
          "Fashion-MNIST on %d executor(s): mini-batches of %d rows, all else by a short profile%n",
          classifier.getNumStages(), classifier.getBatchSize());
      return;
    }
    Sequential network = classifier.resolveNetwork();
    Schedule schedule = classifier.resolveSchedule();
    Cut cut = classifier.resolveCut(network, schedule, Layout.UNLIMITED);
    System.out.printf(
        "Fashion-MNIST on %d executor(s): mini-batches of %d rows, %d micro-batches each, schedule"
            + " %s%n",
        classifier.getNumStages(),
        classifier.getBatchSize(),
        classifier.getNumMicroBatches(),
        classifier.getSchedule());
    for (int stage = 0; stage < cut.stages(); stage++) {
      StringBuilder layers = new StringBuilder();
      for (int layer = cut.first(stage); layer < cut.end(stage); layer++) {
        layers
            .append(layers.isEmpty() ? "" : ", ")
            .append(network.layers().get(layer).getClass().getSimpleName())
            .append(' ')
            .append(network.shape(layer).size())
            .append(" to ")
            .append(network.shape(layer + 1).size());
      }
      System.out.printf("  stage %d on executor %d: %s%n", stage, schedule.rankOf(stage), layers);
    }
  }

  private static double accuracy(PipelineModel model, Dataset<Row> rows) {
    return new MulticlassClassificationEvaluator()
        .setMetricName("accuracy")
        .evaluate(model.transform(rows));
  }

  /** What was saved must do as well as what was trained, to the last row. */
  private static void checkSaved(
      PipelineModel model, String folder, Dataset<Row> test, double accuracy) throws IOException {
    File scratch = folder.isEmpty() ? Files.createTempDirectory("fashion-mnist").toFile() : null;
    String path = scratch == null ? folder : scratch.toURI().toString();
    try {
      model.write().overwrite().save(path);
      double loaded = accuracy(PipelineModel.load(path), test);
      if (loaded != accuracy) {
        throw new IllegalStateException(
            "The model loaded from " + path + " scores " + loaded + ", the trained " + accuracy);
      }
      System.out.printf(
          Locale.ROOT,
          "test accuracy %.4f, the same after saving and loading the model%s%n",
          accuracy,
          scratch == null ? " in " + path : "");
    } finally {
      FileUtils.deleteQuietly(scratch);
    }
  }

  private static void show(PipelineModel model, Dataset<Row> test) {
    for (Row row : model.transform(test).select("clothing", "label").takeAsList(3)) {
      System.out.printf(
          "a test image of %s is taken for %s%n",
          FashionMnist.names()[(int) row.getDouble(1)], row.getString(0));
    }
  }

  private static double median(TrainingResult training) {
    double[] rates =
        training.epochs().stream().mapToDouble(EpochCompleted::rowsPerSecond).sorted().toArray();
    return rates[rates.length / 2];
  }
}
