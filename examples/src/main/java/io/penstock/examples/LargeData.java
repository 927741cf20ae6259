package io.penstock.examples;

import io.penstock.Amount;
import io.penstock.launch.job.TrainingResult;
import io.penstock.ml.PipelineParallelClassifier;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.commons.io.FileUtils;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.ForeachPartitionFunction;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;

/**
 * Trains a small network on more rows than the executors' heaps hold: what feeding them takes, how
 * fast the epochs are, how much memory and disk it all needs. Beside it, how fast Spark alone reads
 * the same rows.
 *
 * <p>{@code examples/run large-data [--rows 5000000] [--features 100] [--partitions 64] [--source
 * generated|cached|parquet] [--stages 2] [--micro-batches 4] [--batch-size 16384] [--epochs 3]
 * [--hidden 64] [--fits 1]}: of several fits the last is measured, when all classes are loaded.
 * Rows off the heap by {@code --conf spark.penstock.feed.memory=…}.
 */
public final class LargeData {
  private static final Example EXAMPLE =
      new Example(
          "large-data",
          "Trains on more rows than the executors' heaps hold: feeding, memory, disk",
          List.of(
              Option.count("rows", 5_000_000, "to train on"),
              Option.count("features", 100, "floats of a row"),
              Option.count("partitions", 64, "of the rows"),
              Option.oneOf("source", List.of("generated", "cached", "parquet"), "where rows are"),
              Stages.option(),
              Option.count("micro-batches", 4, "of a mini-batch"),
              Option.count("batch-size", 16384, "rows between two updates of the weights"),
              Option.count("epochs", 3, "how often all rows are seen"),
              Option.count("hidden", 64, "width of the hidden layer"),
              Option.count("fits", 1, "the last of them is measured, when all is loaded")));

  private static final double MEBI = 1 << 20;
  private static final double NANOS = 1e9;
  private static final double MILLIS = 1e3;

  private final SparkSession spark;
  private final Options options;
  private final DiskUse disk = new DiskUse();
  private final FitParts parts = new FitParts();

  private LargeData(SparkSession spark, Options options) {
    this.spark = spark;
    this.options = options;
  }

  /** Runs the job; see the class. A wrong option ends it with a message and exit status 2. */
  public static void main(String[] arguments) throws Exception {
    EXAMPLE.main(
        arguments,
        options -> {
          Phases phases = Phases.sinceLaunch(System.out, System.getenv());
          BeforeSpark.check(classifier(options));
          phases.next("starting Spark");
          SparkSession spark = SparkSession.builder().appName("large data").getOrCreate();
          Result result = run(spark, phases, options);
          phases.end();
          result.print();
        });
  }

  /** Reads, trains and measures, and stops Spark, which may have more to tell only then. */
  static Result run(SparkSession spark, String... arguments) throws IOException {
    return run(spark, new Phases(System.out), EXAMPLE.parse(arguments));
  }

  private static Result run(SparkSession spark, Phases phases, Options options) throws IOException {
    File scratch = Files.createTempDirectory("penstock-large-data-").toFile();
    try {
      return new LargeData(spark, options).run(scratch, phases);
    } finally {
      spark.stop();
      FileUtils.deleteQuietly(scratch);
    }
  }

  private Result run(File scratch, Phases phases) throws IOException {
    JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    spark.sparkContext().addSparkListener(new EpochLines());
    spark.sparkContext().addSparkListener(disk);
    spark.sparkContext().addSparkListener(parts);
    int rows = options.count("rows");
    phases.next("making %s and reading them by Spark alone", new Amount(rows, "row"));
    Dataset<Row> data = source(new File(scratch, "rows").toURI().toString());
    read(data.limit(1)); // classes are loaded, executors are there
    double readSeconds = read(data);
    System.out.printf(
        Locale.ROOT,
        "%s of %s, %s: read by Spark alone in %.1f s%n",
        new Amount(rows, "row"),
        new Amount(options.count("features"), "feature"),
        options.text("source"),
        readSeconds);

    for (int fit = 1; fit < options.count("fits"); fit++) {
      phases.next("training for the first time, %d of %d", fit, options.count("fits"));
      classifier(options).fit(data);
    }
    phases.next("planning");
    FitPhases fit = FitPhases.of(spark.sparkContext(), phases);
    int executors =
        Math.max(options.optional("stages", 0).orElseThrow(), context.defaultParallelism());
    MemoryUse.readAndReset(context, executors);
    long spilledBefore = disk.spilledBytes();
    long called = System.currentTimeMillis();
    TrainingResult trained = classifier(options).fit(data).training().orElseThrow();
    double fitSeconds = (System.currentTimeMillis() - called) / MILLIS;
    long firstStep = Math.round(trained.stepStarts()[0] / NANOS * MILLIS);
    double feedSeconds = (firstStep - called) / MILLIS;
    Map<Long, MemoryUse> used = MemoryUse.readAndReset(context, executors);
    used.keySet().retainAll(trained.processes());
    fit.trained(trained);
    phases.next("stopping Spark");
    spark.stop(); // hands out what the listeners have not heard yet
    Result result =
        new Result()
            .with("rows", rows)
            .with("features", options.count("features"))
            .with("source", options.text("source"))
            .with("partitions", options.count("partitions"));
    Stages.tell(result, trained)
        .with("read_s", seconds(readSeconds))
        .with("read_rows_per_s", Math.round(rows / readSeconds))
        .with("feed_s", seconds(feedSeconds))
        .with("feed_rows_per_s", Math.round(rows / feedSeconds))
        .with(
            "epoch_rows_per_s",
            trained.epochs().stream()
                .map(epoch -> String.valueOf(Math.round(epoch.rowsPerSecond())))
                .collect(Collectors.joining(",")))
        .with("loss", trained.epochs().get(trained.epochs().size() - 1).loss())
        .with("peak_rss_mib", mebibytes(most(used.values())))
        .with("spilled_mib", mebibytes(disk.spilledBytes() - spilledBefore))
        .with("shuffled_mib", mebibytes(disk.shuffledBytes()))
        .with("fit_s", seconds(fitSeconds));
    return parts.addTo(result, called, firstStep);
  }

  private Dataset<Row> source(String file) {
    Dataset<Row> generated = generated();
    switch (options.text("source")) {
      case "generated":
        return generated;
      case "cached":
        Dataset<Row> cached = generated.cache();
        cached.count();
        return cached;
      case "parquet":
        generated.write().parquet(file);
        return spark.read().parquet(file);
      default:
        throw new IllegalStateException(options.text("source"));
    }
  }

  /** Numbers that follow from the row's own, so that a lost partition is made again as it was. */
  private Dataset<Row> generated() {
    // Of as many expressions as features, Spark would generate a method too long to be compiled.
    Column features =
        functions.transform(
            functions.sequence(functions.lit(1), functions.lit(options.count("features"))),
            i ->
                functions
                    .hash(functions.col("id"), i)
                    .divide(functions.lit((double) (1L << 31)))
                    .cast("float"));
    return spark
        .range(0, options.count("rows"), 1, options.count("partitions"))
        .select(features.as("features"))
        .withColumn(
            "label",
            functions
                .element_at(functions.col("features"), 1)
                .plus(functions.element_at(functions.col("features"), -1))
                .gt(0)
                .cast("int"));
  }

  /** How long Spark takes to compute the rows and hand them out one by one, as an RDD of them. */
  private static double read(Dataset<Row> data) {
    long start = System.nanoTime();
    data.foreachPartition(
        (ForeachPartitionFunction<Row>)
            rows -> {
              while (rows.hasNext()) {
                rows.next();
              }
            });
    return (System.nanoTime() - start) / NANOS;
  }

  private static PipelineParallelClassifier classifier(Options options) {
    PipelineParallelClassifier classifier =
        new PipelineParallelClassifier()
            .setLayers(options.count("features"), options.count("hidden"), 2)
            .setNumMicroBatches(options.count("micro-batches"))
            .setBatchSize(options.count("batch-size"))
            .setEpochs(options.count("epochs"));
    Stages.set(classifier, options);
    return classifier;
  }

  private static long most(Collection<MemoryUse> used) {
    return used.stream().mapToLong(MemoryUse::residentBytes).max().orElse(0);
  }

  private static long mebibytes(long bytes) {
    return Math.round(bytes / MEBI);
  }

  private static String seconds(double value) {
    return String.format(Locale.ROOT, "%.1f", value);
  }
}
