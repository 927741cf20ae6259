package io.penstock.examples;

import io.penstock.Amount;
import io.penstock.launch.job.TrainingResult;
import io.penstock.ml.PipelineParallelClassificationModel;
import io.penstock.ml.PipelineParallelClassifier;
import io.penstock.nn.layer.Activation;
import io.penstock.nn.loss.Losses;
import io.penstock.nn.network.NetworkBuilder;
import io.penstock.nn.network.Sequential;
import io.penstock.nn.update.Updater;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.apache.commons.io.FileUtils;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Trains, saves, loads and scores a network that is larger than the driver and than any executor:
 * what each phase takes, and how much memory of each process.
 *
 * <p>{@code examples/run large-network [--state-mib 8192] [--width 4096] [--stages 4] [--schedule
 * 1f1b] [--micro-batches 4] [--batch-size 64] [--steps 3] [--updater adam] [--dir DIR]}: with
 * executors of 3 GiB, heap and all else, and a driver of 1 GiB, unless {@code --conf} says
 * otherwise.
 */
public final class LargeNetwork {
  private static final Example EXAMPLE =
      new Example(
          "large-network",
          "Trains, saves, loads and scores a network larger than the driver and any executor",
          List.of(
              Option.count("state-mib", 8192, "of weights and optimizer state together"),
              Option.count("width", 4096, "of the layers, all alike"),
              Option.count("stages", 4, "executors, one a stage"),
              Option.schedulesOrAuto("1f1b", "of the stages"),
              Option.count("micro-batches", 4, "of a mini-batch"),
              Option.count("batch-size", 64, "rows between two updates of the weights"),
              Option.count("steps", 3, "updates of the weights"),
              Option.oneOf("updater", List.of("adam", "nesterovs", "sgd"), "optimizer"),
              Option.text("dir", "", "for the model, shared by all; left out, it is a temporary")));

  private static final double MEBI = 1 << 20;
  private static final double GIBI = 1 << 30;
  private static final double NANOS = 1e9;
  private static final int FEATURES = 64;
  private static final int CLASSES = 10;

  private final SparkSession spark;
  private final Options options;
  private final Phases phases;
  private final Result result = new Result();
  private long phaseStart;

  private LargeNetwork(SparkSession spark, Options options, Phases phases) {
    this.spark = spark;
    this.options = options;
    this.phases = phases;
  }

  private static void requireFolder(String dir) {
    if (!dir.isEmpty() && !Files.isDirectory(Path.of(dir))) {
      throw new IllegalArgumentException(
          "--dir is '" + dir + "': there is no such folder; make it first");
    }
  }

  /** Runs the job; see the class. A wrong option ends it with a message and exit status 2. */
  public static void main(String[] arguments) throws Exception {
    EXAMPLE.main(
        arguments,
        options -> {
          Phases phases = Phases.sinceLaunch(System.out, System.getenv());
          requireFolder(options.text("dir"));
          BeforeSpark.check(classifier(options));
          phases.next("starting Spark");
          SparkSession spark = SparkSession.builder().appName("large network").getOrCreate();
          Result result = run(spark, phases, options);
          phases.end();
          result.print();
        });
  }

  static Result run(SparkSession spark, String... arguments) throws IOException {
    return run(spark, new Phases(System.out), EXAMPLE.parse(arguments));
  }

  private static Result run(SparkSession spark, Phases phases, Options options) throws IOException {
    File scratch =
        options.text("dir").isEmpty()
            ? Files.createTempDirectory("penstock-large-network-").toFile()
            : Files.createTempDirectory(Path.of(options.text("dir")), "large-network-").toFile();
    try {
      return new LargeNetwork(spark, options, phases).run(scratch);
    } finally {
      spark.stop();
      FileUtils.deleteQuietly(scratch);
    }
  }

  private Result run(File scratch) throws IOException {
    spark.sparkContext().addSparkListener(new EpochLines());
    spark.sparkContext().setCheckpointDir(new File(scratch, "fitted").toURI().toString());
    String saved = new File(scratch, "saved").toURI().toString();
    Dataset<Row> rows = rows();
    tellSizes();

    phases.next("waiting for executors");
    rows.count();
    MemoryUse.readAndReset(context(), executors());
    MemoryUse.here();

    begin("training %s, one line an epoch", new Amount(options.count("steps"), "step"));
    PipelineParallelClassificationModel model = classifier(options).fit(rows);
    TrainingResult trained = model.training().orElseThrow();
    end("fit");
    System.out.println(model.summary().plan().lines().findFirst().orElseThrow());
    double[] steps = Arrays.stream(trained.stepNanos()).mapToDouble(one -> one / NANOS).toArray();
    result
        .with("first_step_s", steps[0])
        .with("last_step_s", steps[steps.length - 1])
        .with("last_loss", trained.stepLosses()[steps.length - 1]);

    begin("saving");
    model.save(saved);
    end("save");

    begin("loading");
    PipelineParallelClassificationModel loaded = PipelineParallelClassificationModel.load(saved);
    end("load");

    begin("scoring %s", new Amount(rows.count(), "row"));
    loaded.transform(rows).selectExpr("sum(prediction)").collectAsList();
    end("score");
    return result;
  }

  private void begin(String what, Object... numbers) {
    phases.next(what, numbers);
    phaseStart = System.nanoTime();
  }

  /** Ends a phase: its time, and the most memory that an executor and the driver had in it. */
  private void end(String phase) throws IOException {
    double seconds = (System.nanoTime() - phaseStart) / NANOS;
    long executor =
        MemoryUse.readAndReset(context(), executors()).values().stream()
            .mapToLong(MemoryUse::residentBytes)
            .max()
            .orElse(0);
    MemoryUse driver = MemoryUse.here();
    result
        .with(phase + "_s", seconds)
        .with(phase + "_executor_rss_mib", Math.round(executor / MEBI))
        .with(phase + "_driver_rss_mib", Math.round(driver.residentBytes() / MEBI))
        .with(phase + "_driver_heap_mib", Math.round(driver.heapBytes() / MEBI));
  }

  private void tellSizes() {
    Sequential network = network(options);
    long weights = weights(network);
    long state = weights + updater(options).stateSize(weights);
    System.out.printf(
        Locale.ROOT,
        "%s in %s: %.2f GiB, with %s's state %.2f GiB%n",
        new Amount(weights, "weight"),
        new Amount(network.layers().size(), "layer"),
        Float.BYTES * weights / GIBI,
        options.text("updater"),
        Float.BYTES * state / GIBI);
    result
        .with("weights_gib", Float.BYTES * weights / GIBI)
        .with("weights_and_state_gib", Float.BYTES * state / GIBI)
        .with("stages", options.count("stages"))
        .with("executor_heap", spark.conf().get("spark.executor.memory", "unset"))
        .with("executor_rest", spark.conf().get("spark.executor.memoryOverhead", "unset"))
        .with("driver_heap_limit_mib", Math.round(Runtime.getRuntime().maxMemory() / MEBI));
  }

  /** Layers of the width, as many as the size asks for, between the features and the classes. */
  static Sequential network(Options options) {
    int width = options.count("width");
    long layer = (long) width * width + width;
    long ofALayer = Float.BYTES * (layer + updater(options).stateSize(layer));
    NetworkBuilder builder = Sequential.input(FEATURES).dense(width, Activation.TANH);
    for (long bytes = 0; bytes < (long) (options.count("state-mib") * MEBI); bytes += ofALayer) {
      builder = builder.dense(width, Activation.TANH);
    }
    return builder.dense(CLASSES).loss(Losses.softmaxCrossEntropy()).build();
  }

  private static long weights(Sequential network) {
    long weights = 0;
    for (int layer = 0; layer < network.layers().size(); layer++) {
      weights += network.parameterCount(layer);
    }
    return weights;
  }

  private static Updater updater(Options options) {
    return Updater.named(options.text("updater"), 1e-4);
  }

  private static PipelineParallelClassifier classifier(Options options) {
    return new PipelineParallelClassifier()
        .setNetwork(network(options))
        .setNumStages(options.count("stages"))
        .setSchedule(options.text("schedule"))
        .setNumMicroBatches(options.count("micro-batches"))
        .setBatchSize(options.count("batch-size"))
        .setEpochs(options.count("steps"))
        .setUpdater(options.text("updater"))
        .setStepSize(1e-4);
  }

  /** The rows of one mini-batch: an epoch is a step. */
  private Dataset<Row> rows() {
    return spark
        .range(0, options.count("batch-size"), 1, executors())
        .selectExpr(
            "transform(sequence(1, " + FEATURES + "), i -> hash(id, i) / 2147483648d) features",
            "double(pmod(id, " + CLASSES + ")) label");
  }

  private int executors() {
    return options.count("stages");
  }

  private JavaSparkContext context() {
    return JavaSparkContext.fromSparkContext(spark.sparkContext());
  }
}
