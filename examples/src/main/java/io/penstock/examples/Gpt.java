package io.penstock.examples;

import io.penstock.balance.CutConstraints;
import io.penstock.launch.job.TrainingResult;
import io.penstock.ml.PipelineParallelSequenceLearner;
import io.penstock.ml.PipelineParallelSequenceModel;
import io.penstock.nn.network.Sequential;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
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
  private static final Example EXAMPLE =
      new Example(
          "gpt",
          "Trains a small GPT, character by character, and shows what it then writes",
          List.of(
              Stages.option(),
              Option.count("micro-batches", 4, "of a mini-batch"),
              Option.schedulesOrAuto("zb-h1", "gpipe, 1f1b, zb-h1, ..., auto, or a file of one"),
              Option.count("epochs", 8, "how often all windows of text are seen"),
              Option.count("batch-size", 32, "windows between two updates of the weights"),
              Option.positive("learning-rate", 0.002, "at its highest"),
              Option.count("width", 128, "numbers that stand for a character"),
              Option.count("blocks", 4, "transformer blocks"),
              Option.count("heads", 4, "of each block's attention; they share the width"),
              Option.count("length", 64, "characters of a window"),
              Option.positive("temperature", 0.7, "of what it writes: higher is bolder"),
              Option.text("text", "", "a file to learn from; left out, Spark's messages")));

  private static final int WARM_UP = 50;
  private static final int SAMPLE = 300;
  private static final long SEED = 42;

  private final EnglishText text;
  private final Options options;
  private final Vocabulary vocabulary;
  private final PipelineParallelSequenceLearner learner;

  /** Finds out whether the options go together, which takes no Spark. */
  private Gpt(EnglishText text, Options options) {
    this.text = text;
    this.options = options;
    this.vocabulary = Vocabulary.of(text.train());
    Sequential network =
        LanguageModel.gpt(
            vocabulary.size(),
            options.count("length"),
            options.count("width"),
            options.count("blocks"),
            options.count("heads"));
    this.learner = learner(network, options);
    if (!learner.isAutoSchedule()) {
      learner.resolveCut(network, learner.resolveSchedule(), CutConstraints.UNLIMITED);
    }
  }

  /** Runs the job; see the class. A wrong option ends it with a message and exit status 2. */
  public static void main(String[] arguments) throws Exception {
    EXAMPLE.main(
        arguments,
        options -> {
          Phases phases = Phases.sinceLaunch(System.out, System.getenv());
          Gpt gpt = new Gpt(text(options.text("text")), options);
          phases.next("starting Spark");
          SparkSession spark = SparkSession.builder().appName("GPT").getOrCreate();
          spark.sparkContext().addSparkListener(new EpochLines());
          Result result = gpt.train(spark, phases);
          phases.next("stopping Spark");
          spark.stop(); // hands out what the listeners have not heard yet
          phases.end();
          result.print();
        });
  }

  private static EnglishText text(String file) throws IOException {
    if (file.isEmpty()) {
      return EnglishText.sparkMessages();
    }
    try {
      return EnglishText.of(Files.readAllLines(Path.of(file)));
    } catch (IOException | InvalidPathException unreadable) {
      throw new IllegalArgumentException(
          "--text is '" + file + "', which cannot be read: " + unreadable, unreadable);
    }
  }

  /** Trains, prints a sample and measures. */
  static Result train(SparkSession spark, EnglishText text, String... arguments) {
    return new Gpt(text, EXAMPLE.parse(arguments)).train(spark, new Phases(System.out));
  }

  private Result train(SparkSession spark, Phases phases) {
    FitPhases fit = FitPhases.of(spark.sparkContext(), phases);
    int length = options.count("length");
    TokenWindows train = new TokenWindows(vocabulary.ids(text.train()), length);
    TokenWindows heldBack = new TokenWindows(vocabulary.ids(text.heldBack()), length);
    System.out.printf(
        Locale.ROOT,
        "%,d characters to learn from, %,d held back, %d different%n",
        text.train().length(),
        text.heldBack().length(),
        vocabulary.size());
    phases.next("planning");
    PipelineParallelSequenceModel model = learner.fit(train.rows(spark));
    double seconds = phases.next("writing %d characters", SAMPLE);
    int[] sample =
        model.generate(vocabulary.ids("\n"), SAMPLE, options.number("temperature"), SEED);
    StringBuilder written = new StringBuilder();
    for (int id : sample) {
      written.append(vocabulary.character(id));
    }
    System.out.printf(Locale.ROOT, "--- it writes:%s%n---%n", written);
    phases.next("measuring on the lines held back");
    TrainingResult training = model.training().orElseThrow();
    fit.trained(training);
    Result result =
        new Result()
            .with("perplexity", model.perplexity(heldBack.rows(spark)))
            .with(
                "unigram_perplexity",
                LanguageModel.unigramPerplexity(train.ids(), heldBack, vocabulary.size()))
            .with("fit_s", String.format(Locale.ROOT, "%.1f", seconds));
    return Stages.tell(result, training)
        .with("executors", training.processes().stream().distinct().count());
  }

  private static PipelineParallelSequenceLearner learner(Sequential network, Options options) {
    PipelineParallelSequenceLearner learner =
        new PipelineParallelSequenceLearner()
            .setNetwork(network)
            .setFeaturesCol(TokenWindows.IDS)
            .setLabelCol(TokenWindows.NEXT)
            .setNumMicroBatches(options.count("micro-batches"))
            .setSchedule(options.text("schedule"))
            .setMaxIter(options.count("epochs"))
            .setBatchSize(options.count("batch-size"))
            .setUpdater("adam")
            .setStepSize(options.number("learning-rate"))
            .setClipNorm(1)
            .setWarmUpSteps(WARM_UP)
            .setLearningRateDecay("cosine")
            .setSeed(SEED);
    Stages.set(learner, options);
    return learner;
  }
}
