package io.penstock.examples;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.pmod;
import static org.apache.spark.sql.functions.sequence;
import static org.apache.spark.sql.functions.sin;
import static org.apache.spark.sql.functions.transform;

import io.penstock.Amount;
import io.penstock.launch.job.TrainingResult;
import io.penstock.ml.PipelineParallelClassifier;
import io.penstock.nn.layer.Activation;
import io.penstock.nn.loss.Losses;
import io.penstock.nn.network.Sequential;
import io.penstock.schedule.draw.TextTimeline;
import io.penstock.schedule.draw.Timeline;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.LongStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * The picture that explains pipeline parallelism, measured: three layers on three stages, and a
 * batch of three inputs. First each stage does the whole batch and then hands it over, so that one
 * works at a time; then each input goes on as soon as it is done. Both give the same weights.
 *
 * <p>{@code examples/run three-layer [--rows 256] [--width 1024] [--steps 20]}
 */
public final class ThreeLayer {
  private static final Example EXAMPLE =
      new Example(
          "three-layer",
          "Three layers on three stages: one at a time, and pipelined; both timelines",
          List.of(
              Option.count("rows", 256, "of each of the three inputs"),
              Option.count("width", 1024, "of a layer"),
              Option.count("steps", 20, "that are measured, of each way, three times")));

  private static final int STAGES = 3;
  private static final int INPUTS = 3;
  private static final int CLASSES = 10;

  /** Each way is run so often, in turns, so that neither has the warmer machine. */
  private static final int ROUNDS = 3;

  /** Steps at the start of every round that are not counted. */
  private static final int WARM_UP = 5;

  private static final int COLUMNS = 112;

  private ThreeLayer() {}

  /** Runs the job; see the class. A wrong option ends it with a message and exit status 2. */
  public static void main(String[] arguments) throws Exception {
    EXAMPLE.main(arguments, ThreeLayer::compare);
  }

  private static void compare(Options options) {
    int rows = options.count("rows");
    int width = options.count("width");
    int steps = options.count("steps");
    System.out.printf(
        Locale.ROOT,
        "Three dense layers of %d x %d on three stages, a batch of three inputs. An input is a"
            + " block of %s,%nso that there is work to see. F23 is the forward of stage 2 on"
            + " input 3, B23 its backward. Stage 1 has%nthe shortest backward: nobody waits for"
            + " the gradient of the inputs.%n%n",
        width,
        width,
        new Amount(rows, "row"));
    Phases phases = Phases.sinceLaunch(System.out, System.getenv());
    phases.next("starting Spark");
    SparkSession spark = SparkSession.builder().appName("three layers").getOrCreate();
    Dataset<Row> batch = batch(spark, INPUTS * rows, width).cache();
    PipelineParallelClassifier classifier =
        new PipelineParallelClassifier()
            .setNetwork(network(width))
            .setNumStages(STAGES)
            .setNumMicroBatches(INPUTS)
            .setBatchSize(INPUTS * rows)
            .setEpochs(WARM_UP + steps) // the data are one batch: an epoch is a step
            .setUpdater("sgd")
            .setLearningRate(0.01);
    List<TrainingResult> oneByOne = new ArrayList<>();
    List<TrainingResult> pipelined = new ArrayList<>();
    for (int round = 0; round < ROUNDS; round++) {
      phases.next(
          "one at a time: round %d of %d, %s",
          round + 1, ROUNDS, new Amount(WARM_UP + steps, "step"));
      oneByOne.add(train(classifier.setSchedule("unpipelined"), batch));
      phases.next(
          "pipelined: round %d of %d, %s", round + 1, ROUNDS, new Amount(WARM_UP + steps, "step"));
      pipelined.add(train(classifier.setSchedule("gpipe"), batch));
    }
    boolean sameWeights =
        same(lastOf(oneByOne).weights().toMap(), lastOf(pipelined).weights().toMap());
    spark.stop();
    System.out.println();

    Timeline before =
        lastOf(oneByOne)
            .timeline("One batch, not pipelined: a stage hands over when it has done all three");
    Timeline after =
        lastOf(pipelined).timeline("Pipelined: a stage hands over each input when it has done it");
    double scale = Math.max(before.duration(), after.duration()) / COLUMNS;
    System.out.println(picture(before, scale));
    System.out.println(picture(after, scale));
    double unpipelinedMillis = medianMillis(oneByOne);
    double pipelinedMillis = medianMillis(pipelined);
    phases.end();
    System.out.printf(
        Locale.ROOT, "RESULT has the medians of %s of each.%n", new Amount(ROUNDS * steps, "step"));
    new Result()
        .with("unpipelined_ms", unpipelinedMillis)
        .with("pipelined_ms", pipelinedMillis)
        .with("speedup", unpipelinedMillis / pipelinedMillis)
        .with("same_weights", sameWeights)
        .print();
  }

  private static Sequential network(int width) {
    return Sequential.input(width)
        .dense(width, Activation.RELU)
        .dense(width, Activation.RELU)
        .dense(width)
        .loss(Losses.softmaxCrossEntropy())
        .build();
  }

  /** Made-up rows: any will do where only time is measured. */
  private static Dataset<Row> batch(SparkSession spark, int rows, int width) {
    return spark
        .range(0, rows, 1, 1)
        .select(
            transform(sequence(lit(1), lit(width)), i -> sin(i.multiply(col("id"))).cast("float"))
                .as("features"),
            pmod(col("id"), lit(CLASSES)).cast("double").as("label"));
  }

  private static TrainingResult train(PipelineParallelClassifier classifier, Dataset<Row> batch) {
    return classifier.fit(batch).training().orElseThrow();
  }

  /** Counts from 1, as people count GPUs and inputs. */
  static String picture(Timeline step, double millisPerColumn) {
    String title = String.format(Locale.ROOT, "%s. %.1f ms", step.title(), step.duration());
    return TextTimeline.text(
        new Timeline(title, step.unit(), step.rows()),
        millisPerColumn,
        rank -> "stage " + (rank + 1),
        List.of(action -> "" + action.kind() + (action.stage() + 1) + (action.microBatch() + 1)));
  }

  private static double medianMillis(List<TrainingResult> rounds) {
    long[] nanos =
        rounds.stream()
            .flatMapToLong(round -> LongStream.of(round.stepNanos()).skip(WARM_UP))
            .sorted()
            .toArray();
    return nanos[nanos.length / 2] / 1e6;
  }

  private static boolean same(Map<Integer, float[]> one, Map<Integer, float[]> other) {
    return one.keySet().equals(other.keySet())
        && one.keySet().stream().allMatch(key -> Arrays.equals(one.get(key), other.get(key)));
  }

  private static TrainingResult lastOf(List<TrainingResult> rounds) {
    return rounds.get(rounds.size() - 1);
  }
}
