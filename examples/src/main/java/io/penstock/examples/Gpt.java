package io.penstock.examples;

import io.penstock.balance.Cut;
import io.penstock.balance.LayerCosts;
import io.penstock.balance.Layout;
import io.penstock.balance.Partitioner;
import io.penstock.feed.FeatureColumns;
import io.penstock.feed.LabelKind;
import io.penstock.launch.NativeRuntime;
import io.penstock.launch.PreflightException;
import io.penstock.launch.TrainingJob;
import io.penstock.launch.TrainingResult;
import io.penstock.nn.RateDecay;
import io.penstock.nn.Sequential;
import io.penstock.nn.UpdateOptions;
import io.penstock.nn.Updater;
import io.penstock.schedule.Schedule;
import io.penstock.schedule.Schedules;
import io.penstock.train.TrainingPlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Trains a small GPT, character by character, on the messages of Spark's errors ({@link
 * EnglishText#sparkMessages}: Apache License 2.0, read from Spark's own jar) or on a text of one's
 * own; a tenth of the lines is held back. Ends with a sample of what it writes and its perplexity
 * on those lines.
 *
 * <p>{@code examples/run gpt [--stages 2] [--micro-batches 4] [--schedule zb-h1] [--epochs 8]
 * [--batch-size 32] [--learning-rate 0.002] [--width 128] [--blocks 4] [--heads 4] [--length 64]
 * [--temperature 0.7] [--text FILE]}
 */
public final class Gpt {
  private static final String[] OPTIONS = {
    "stages=2",
    "micro-batches=4",
    "schedule=zb-h1",
    "epochs=8",
    "batch-size=32",
    "learning-rate=0.002",
    "width=128",
    "blocks=4",
    "heads=4",
    "length=64",
    "temperature=0.7",
    "text="
  };

  private static final int WARM_UP = 50;
  private static final int SAMPLE = 300;
  private static final long SEED = 42;

  private Gpt() {}

  /** Runs the job; see the class. A wrong option ends it with a message and exit status 2. */
  public static void main(String[] arguments) throws IOException {
    try {
      Options options = Options.parse(arguments, OPTIONS);
      EnglishText text =
          options.text("text").isEmpty()
              ? EnglishText.sparkMessages()
              : EnglishText.of(Files.readAllLines(Path.of(options.text("text"))));
      SparkSession spark = SparkSession.builder().appName("GPT").getOrCreate();
      spark.sparkContext().addSparkListener(new EpochLines());
      Result result = train(spark, text, options);
      spark.stop(); // hands out what the listeners have not heard yet
      result.print();
    } catch (IllegalArgumentException | PreflightException wrong) {
      System.err.println("gpt: " + wrong.getMessage());
      System.exit(2);
    }
  }

  /** Trains, prints a sample and measures. */
  static Result train(SparkSession spark, EnglishText text, String... arguments) {
    return train(spark, text, Options.parse(arguments, OPTIONS));
  }

  private static Result train(SparkSession spark, EnglishText text, Options options) {
    double temperature = positive(options, "temperature");
    Vocabulary vocabulary = Vocabulary.of(text.train());
    int length = options.count("length");
    TokenWindows train = new TokenWindows(vocabulary.ids(text.train()), length);
    TokenWindows heldBack = new TokenWindows(vocabulary.ids(text.heldBack()), length);
    Sequential network =
        LanguageModel.gpt(
            vocabulary.size(),
            length,
            options.count("width"),
            options.count("blocks"),
            options.count("heads"));
    TrainingPlan plan = plan(network, options);
    System.out.printf(
        Locale.ROOT,
        "%,d characters to learn from, %,d held back, %d different; stages start at layers %s%n",
        text.train().length(),
        text.heldBack().length(),
        vocabulary.size(),
        plan.stageStarts());
    Dataset<Row> rows = train.rows(spark);
    LabelKind labels = LabelKind.ids(vocabulary.size());
    FeatureColumns columns =
        FeatureColumns.sequences(
            rows.schema(), TokenWindows.IDS, TokenWindows.NEXT, labels, length);
    long start = System.nanoTime();
    TrainingResult trained = TrainingJob.run(rows, columns, labels, plan);
    double seconds = (System.nanoTime() - start) / 1e9;

    NativeRuntime.ready(1);
    LanguageModel model = LanguageModel.of(network, trained.weights());
    int[] sample = model.sample(vocabulary.ids("\n"), SAMPLE, temperature, SEED);
    StringBuilder written = new StringBuilder();
    for (int id : sample) {
      written.append(vocabulary.character(id));
    }
    System.out.printf("--- it writes:%s%n---%n", written);
    return new Result()
        .with("perplexity", model.perplexity(heldBack))
        .with(
            "unigram_perplexity",
            LanguageModel.unigramPerplexity(train.ids(), heldBack, vocabulary.size()))
        .with("fit_s", String.format(Locale.ROOT, "%.1f", seconds))
        .with("stages", plan.stages())
        .with("executors", trained.processes().stream().distinct().count());
  }

  private static TrainingPlan plan(Sequential network, Options options) {
    int batchSize = options.count("batch-size");
    Updater updater =
        Updater.adam(positive(options, "learning-rate"))
            .with(
                UpdateOptions.NONE.withClipNorm(1).withWarmUp(WARM_UP).withDecay(RateDecay.COSINE));
    Schedule schedule =
        TrainingPlan.runnable(
            Schedules.generate(
                options.text("schedule"), options.count("stages"), options.count("micro-batches")));
    int rows = Math.max(1, batchSize / schedule.microBatches());
    Cut cut =
        Partitioner.partition(LayerCosts.estimated(network, rows, updater), Layout.of(schedule));
    return new TrainingPlan(
        network.toJson(),
        updater.toJson(),
        cut.starts(),
        schedule,
        batchSize,
        options.count("epochs"),
        SEED);
  }

  private static double positive(Options options, String name) {
    double value = options.number(name);
    if (!(value > 0)) {
      throw new IllegalArgumentException(
          "--" + name + " is '" + value + "': write a number above 0, such as 0.5");
    }
    return value;
  }
}
