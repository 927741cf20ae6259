package io.penstock.examples;

import io.penstock.Amount;
import io.penstock.balance.Cut;
import io.penstock.balance.CutConstraints;
import io.penstock.event.EpochCompleted;
import io.penstock.launch.job.TrainingResult;
import io.penstock.ml.PipelineParallelClassificationModel;
import io.penstock.ml.PipelineParallelClassifier;
import io.penstock.nn.network.Sequential;
import io.penstock.schedule.Schedule;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.apache.commons.io.FileUtils;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.evaluation.MulticlassClassificationEvaluator;
import org.apache.spark.ml.feature.IndexToString;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * What every example on Fashion-MNIST does once it has a classifier: trains it inside an ML
 * pipeline, saves that, loads it again and uses it.
 *
 * @param name the example's, as the command line has it
 * @param options those of {@link #example}
 * @param classifier with network and updater; the rest is as the options say
 */
record FashionRun(String name, Options options, PipelineParallelClassifier classifier) {
  /**
   * What differs from example to example where an option is left out.
   *
   * @param compares whether a short fit on one executor follows
   */
  record Defaults(
      int epochs, int batchSize, double learningRate, String schedule, boolean compares) {}

  /** What each of these examples knows, with defaults and options of its own. */
  static Example example(String name, String what, Defaults defaults, Option... more) {
    List<Option> shared =
        List.of(
            Stages.option(),
            Option.atLeast(1, "micro-batches", "of a mini-batch; left out 4, or auto's choice"),
            Option.schedulesOrAuto(
                defaults.schedule(), "gpipe, 1f1b, zb-h1, ..., auto, or a file of one"),
            Option.atLeast(1, "virtual", "stages of an executor; left out the schedule's own"),
            Option.count("epochs", defaults.epochs(), "how often all images are seen"),
            Option.count(
                "batch-size", defaults.batchSize(), "images between two updates of the weights"),
            Option.positive("learning-rate", defaults.learningRate(), "at the beginning"),
            Option.text("data", FashionMnist.sample(), "a folder: the sample, or the originals"),
            Option.text("model", "", "a folder to save to; left out, it is deleted again"),
            Option.oneOf(
                "compare",
                defaults.compares() ? List.of("yes", "no") : List.of("no", "yes"),
                "its second half with that of a few epochs on one executor (speedup_over_one)"));
    return new Example(name, what, Stream.concat(shared.stream(), Stream.of(more)).toList());
  }

  /** Sets on the classifier what all examples have options for. */
  FashionRun {
    classifier
        .setSchedule(options.text("schedule"))
        .setEpochs(options.count("epochs"))
        .setBatchSize(options.count("batch-size"));
    Stages.set(classifier, options);
    if (!options.text("micro-batches").isEmpty()) {
      classifier.setNumMicroBatches(options.count("micro-batches"));
    }
    if (!options.text("virtual").isEmpty()) {
      classifier.setNumVirtualStages(options.count("virtual"));
    }
  }

  /**
   * Does it all, on a Spark that it starts, or that runs already, and stops.
   *
   * @return accuracy on the test rows, median rows per second of an epoch, seconds of the fit, and
   *     how many times as many rows a second these were as on one executor
   */
  Result run() throws IOException {
    Phases phases = Phases.sinceLaunch(System.out, System.getenv());
    FashionMnist.requireIn(options.text("data"));
    describe();
    phases.next("starting Spark: %s", executors());
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
    SparkSession spark = SparkSession.builder().appName(name).getOrCreate();
    spark.sparkContext().addSparkListener(new EpochLines());
    FitPhases fit = FitPhases.of(spark.sparkContext(), phases);
    FashionMnist data = new FashionMnist(spark, options.text("data"));
    Dataset<Row> train = data.train();
    Dataset<Row> test = data.test().cache();

    phases.next("planning");
    PipelineModel model = pipeline.fit(train);
    double seconds = phases.next("measuring on the test images");
    double accuracy = accuracy(model, test);
    show(model, test);
    phases.next("saving and loading the model");
    checkSaved(model, test, accuracy);
    TrainingResult training =
        ((PipelineParallelClassificationModel) model.stages()[0]).training().orElseThrow();
    fit.trained(training);
    training.choice().ifPresent(choice -> System.out.print(choice.table()));
    training.prediction().ifPresent(System.out::println);
    Result result =
        Stages.tell(new Result(), training)
            .with("executors", training.processes().stream().distinct().count())
            .with("test_accuracy", accuracy)
            .with("rows_per_s", Math.round(median(training)))
            .with("fit_s", String.format(Locale.ROOT, "%.1f", seconds));
    if (options.text("compare").equals("yes") && training.processes().size() > 1) {
      phases.next("comparing with one executor: the same there, for a moment");
      OneExecutor one = new OneExecutor(classifier, training);
      result.with("speedup_over_one", warm(training) / warm(one.train(train)));
    }
    phases.next("stopping Spark");
    spark.stop(); // hands out what the listeners have not heard yet
    phases.end();
    return result;
  }

  /** Says what will happen: layers by stage, and the way of a mini-batch through them. */
  private void describe() {
    if (classifier.isAutoSchedule()) {
      System.out.printf(
          Locale.ROOT,
          "Fashion-MNIST on %s: mini-batches of %s, all else by a short profile%n",
          executors(),
          new Amount(classifier.getBatchSize(), "row"));
      return;
    }
    Sequential network = classifier.resolveNetwork();
    Schedule schedule = classifier.resolveSchedule();
    Cut cut = classifier.resolveCut(network, schedule, CutConstraints.UNLIMITED);
    System.out.printf(
        Locale.ROOT,
        "Fashion-MNIST on %s: mini-batches of %s, %s each, schedule %s%n",
        executors(),
        new Amount(classifier.getBatchSize(), "row"),
        new Amount(classifier.getNumMicroBatches(), "micro-batch"),
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
      System.out.printf(
          Locale.ROOT, "  stage %d on executor %d: %s%n", stage, schedule.rankOf(stage), layers);
    }
  }

  private String executors() {
    int stages = classifier.getNumStages();
    return classifier.isAutoStages()
        ? "as many executors as pay"
        : new Amount(stages, "executor").toString();
  }

  private static double accuracy(PipelineModel model, Dataset<Row> rows) {
    return new MulticlassClassificationEvaluator()
        .setMetricName("accuracy")
        .evaluate(model.transform(rows));
  }

  /** What was saved must do as well as what was trained, to the last row. */
  private void checkSaved(PipelineModel model, Dataset<Row> test, double accuracy)
      throws IOException {
    String folder = options.text("model");
    File scratch = folder.isEmpty() ? Files.createTempDirectory(name).toFile() : null;
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
          Locale.ROOT,
          "a test image of %s is taken for %s%n",
          FashionMnist.names()[(int) row.getDouble(1)],
          row.getString(0));
    }
  }

  /** Of the rates of all epochs but the first, in which code is still warming up. */
  private static double median(TrainingResult training) {
    return median(training, Math.min(1, training.epochs().size() - 1));
  }

  /** Of the second half of the epochs, whose code is warm, as that of a fit behind another is. */
  private static double warm(TrainingResult training) {
    return median(training, training.epochs().size() / 2);
  }

  private static double median(TrainingResult training, int skipped) {
    List<EpochCompleted> epochs = training.epochs();
    double[] rates =
        epochs.stream().skip(skipped).mapToDouble(EpochCompleted::rowsPerSecond).sorted().toArray();
    return rates[rates.length / 2];
  }
}
