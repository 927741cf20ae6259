package io.penstock.examples;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.not;

import io.penstock.Amount;
import io.penstock.ml.PipelineParallelClassificationModel;
import io.penstock.ml.PipelineParallelClassifier;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.apache.commons.io.FileUtils;
import org.apache.spark.ml.classification.LogisticRegression;
import org.apache.spark.ml.evaluation.BinaryClassificationEvaluator;
import org.apache.spark.ml.functions;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;

/**
 * From raw tables to a model in one job: taxi trips, drivers, zones and weather are joined and
 * aggregated to features, brought to scale and trained on in pipeline; then the model is measured
 * on trips that it has not seen, beside a logistic regression.
 *
 * <p>{@code examples/run etl [--rows 3000000] [--partitions 16] [--stages 2] [--micro-batches 4]
 * [--batch-size ROWS] [--epochs 5] [--hidden 64] [--work FOLDER] [--rapids]}: tables are made
 * first. They and the features lie in a folder that goes with the job; on a cluster name one that
 * all executors reach. With {@code --rapids} the RAPIDS Accelerator prepares the data, see
 * conf/rapids.conf.
 */
public final class Etl {
  private static final String NAME = "etl";
  private static final String FEATURES = "features";
  private static final Example EXAMPLE =
      new Example(
          NAME,
          "From raw tables to a measured model in one job",
          List.of(
              Option.count("rows", 3_000_000, "trips to make"),
              Option.count("partitions", 16, "of the trips"),
              Stages.option(),
              Option.count("micro-batches", 4, "of a mini-batch"),
              Option.atLeast(
                  1, "batch-size", "rows between two updates; left out, 128 to 8192 by --rows"),
              Option.count("epochs", 5, "how often all rows are seen"),
              Option.count("hidden", 64, "width of the two hidden layers"),
              Option.text(
                  "work", "", "a folder that all executors reach; left out, a passing one")));

  /** Few updates teach little, and large mini-batches are faster: so many updates at least. */
  private static final int STEPS_AN_EPOCH = 100;

  private static final int SMALLEST_BATCH = 128;
  private static final int LARGEST_BATCH = 8192;

  /** Enough for a logistic regression of so few features. */
  private static final int BASELINE_ROWS = 100_000;

  private final SparkSession spark;
  private final Options options;

  private Etl(SparkSession spark, Options options) {
    this.spark = spark;
    this.options = options;
  }

  /** Runs the job; see the class. A wrong option ends it with a message and exit status 2. */
  public static void main(String[] arguments) throws Exception {
    EXAMPLE.main(
        arguments,
        options -> {
          Phases phases = Phases.sinceLaunch(System.out, System.getenv());
          BeforeSpark.check(classifier(options, TripFeatures.width()));
          phases.next("starting Spark");
          SparkSession spark = SparkSession.builder().appName(NAME).getOrCreate();
          Result result = run(spark, phases, options);
          phases.end();
          result.print();
        });
  }

  /** Does it all, and stops Spark. */
  static Result run(SparkSession spark, String... arguments) throws IOException {
    return run(spark, new Phases(System.out), EXAMPLE.parse(arguments));
  }

  private static Result run(SparkSession spark, Phases phases, Options options) throws IOException {
    File scratch = Files.createTempDirectory("penstock-etl-").toFile();
    try {
      return new Etl(spark, options).run(scratch, phases);
    } finally {
      spark.stop();
      FileUtils.deleteQuietly(scratch);
    }
  }

  private Result run(File scratch, Phases phases) throws IOException {
    spark.sparkContext().addSparkListener(new EpochLines());
    // Hours are those of the tables, wherever the job runs; and what RAPIDS does fastest.
    spark.conf().set("spark.sql.session.timeZone", "UTC");
    String named = options.text("work");
    String work = named.isEmpty() ? scratch.toURI().toString() : named;
    RawTables tables = new RawTables(spark, work + "/raw");
    phases.next("making %,d trips and their drivers, zones and weather", options.count("rows"));
    tables.write(options.count("rows"), options.count("partitions"));
    double made = phases.next("joining and aggregating them to features");

    new TripFeatures(tables)
        .prepare()
        .write()
        .mode(SaveMode.Overwrite)
        .parquet(work + "/" + FEATURES);
    Dataset<Row> prepared = spark.read().parquet(work + "/" + FEATURES);
    Dataset<Row> train = prepared.where(not(col(TripFeatures.HELD_OUT)));
    Scale scale = Scale.of(train, names(prepared));
    int features = scale.names().size();
    FitPhases fitting = FitPhases.of(spark.sparkContext(), phases);
    double etl = phases.next("planning, for %s", new Amount(features, "feature"));

    PipelineParallelClassificationModel model =
        classifier(options, features).fit(scaled(train, scale));
    double fit = phases.next("measuring on trips held out");
    fitting.trained(model.training().orElseThrow());

    Dataset<Row> test = scaled(prepared.where(col(TripFeatures.HELD_OUT)), scale);
    double auc = auc(model.transform(test));
    double evaluate = phases.next("training and measuring a logistic regression beside it");
    double baseline = baseline(scaled(train, scale), test);
    Result result = new Result().with("rows", options.count("rows")).with("features", features);
    return Stages.tell(result, model.training().orElseThrow())
        .with("auc", auc)
        .with("logistic_auc", baseline)
        .with("make_s", seconds(made))
        .with("etl_s", seconds(etl))
        .with("fit_s", seconds(fit))
        .with("evaluate_s", seconds(evaluate + phases.next("stopping Spark")));
  }

  private static List<String> names(Dataset<Row> prepared) {
    return Arrays.stream(prepared.columns())
        .filter(name -> !name.equals(TripFeatures.LABEL) && !name.equals(TripFeatures.HELD_OUT))
        .toList();
  }

  private static Dataset<Row> scaled(Dataset<Row> rows, Scale scale) {
    return rows.select(scale.asArray().as(FEATURES), col(TripFeatures.LABEL));
  }

  private static PipelineParallelClassifier classifier(Options options, int features) {
    int hidden = options.count("hidden");
    PipelineParallelClassifier classifier =
        new PipelineParallelClassifier()
            .setFeaturesCol(FEATURES)
            .setLabelCol(TripFeatures.LABEL)
            .setLayers(features, hidden, hidden, 2)
            .setNumMicroBatches(options.count("micro-batches"))
            .setBatchSize(
                options.optional("batch-size", 1).orElse(batchSize(options.count("rows"))))
            .setEpochs(options.count("epochs"))
            .setUpdater("adam")
            .setLearningRate(3e-3);
    Stages.set(classifier, options);
    return classifier;
  }

  /** So large that an epoch has enough updates, within bounds. */
  static int batchSize(int rows) {
    return Math.max(SMALLEST_BATCH, Math.min(LARGEST_BATCH, rows / STEPS_AN_EPOCH));
  }

  /** The area under the ROC curve: 0.5 is guessing. */
  private static double auc(Dataset<Row> scored) {
    return new BinaryClassificationEvaluator().setLabelCol(TripFeatures.LABEL).evaluate(scored);
  }

  /** What a weighted sum of the same features comes to, learnt from some of the rows. */
  private static double baseline(Dataset<Row> train, Dataset<Row> test) {
    Dataset<Row> some = vectors(train.limit(BASELINE_ROWS)).cache();
    try {
      return auc(
          new LogisticRegression()
              .setLabelCol(TripFeatures.LABEL)
              .setMaxIter(30)
              .fit(some)
              .transform(vectors(test)));
    } finally {
      some.unpersist();
    }
  }

  private static Dataset<Row> vectors(Dataset<Row> rows) {
    return rows.withColumn(FEATURES, functions.array_to_vector(col(FEATURES)));
  }

  private static String seconds(double value) {
    return String.format(Locale.ROOT, "%.1f", value);
  }
}
