package io.penstock.examples;

import io.penstock.launch.PreflightException;
import io.penstock.ml.PipelineParallelSequenceLearner;
import io.penstock.ml.PipelineParallelSequenceModel;
import io.penstock.nn.Sequential;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
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
    PipelineParallelSequenceLearner learner = learner(network, options);
    System.out.printf(
        Locale.ROOT,
        "%,d characters to learn from, %,d held back, %d different%n",
        text.train().length(),
        text.heldBack().length(),
        vocabulary.size());
    long start = System.nanoTime();
    PipelineParallelSequenceModel model = learner.fit(train.rows(spark));
    double seconds = (System.nanoTime() - start) / 1e9;

    int[] sample = model.generate(vocabulary.ids("\n"), SAMPLE, temperature, SEED);
    StringBuilder written = new StringBuilder();
    for (int id : sample) {
      written.append(vocabulary.character(id));
    }
    System.out.printf(Locale.ROOT, "--- it writes:%s%n---%n", written);
    return new Result()
        .with("perplexity", model.perplexity(heldBack.rows(spark)))
        .with(
            "unigram_perplexity",
            LanguageModel.unigramPerplexity(train.ids(), heldBack, vocabulary.size()))
        .with("fit_s", String.format(Locale.ROOT, "%.1f", seconds))
        .with("stages", learner.resolveSchedule().stages())
        .with("executors", model.training().orElseThrow().processes().stream().distinct().count());
  }

  private static PipelineParallelSequenceLearner learner(Sequential network, Options options) {
    return new PipelineParallelSequenceLearner()
        .setNetwork(network)
        .setFeaturesCol(TokenWindows.IDS)
        .setLabelCol(TokenWindows.NEXT)
        .setNumStages(options.count("stages"))
        .setNumMicroBatches(options.count("micro-batches"))
        .setSchedule(options.text("schedule"))
        .setMaxIter(options.count("epochs"))
        .setBatchSize(options.count("batch-size"))
        .setUpdater("adam")
        .setStepSize(positive(options, "learning-rate"))
        .setClipNorm(1)
        .setWarmUpSteps(WARM_UP)
        .setLearningRateDecay("cosine")
        .setSeed(SEED);
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
