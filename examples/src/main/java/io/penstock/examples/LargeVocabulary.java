package io.penstock.examples;

import io.penstock.Amount;
import io.penstock.balance.Cut;
import io.penstock.balance.CutConstraints;
import io.penstock.balance.LayerCost;
import io.penstock.balance.LayerCosts;
import io.penstock.balance.OutputBlocks;
import io.penstock.balance.Partitioner;
import io.penstock.balance.Prediction;
import io.penstock.balance.Profile;
import io.penstock.nn.loss.Losses;
import io.penstock.nn.network.NetworkBuilder;
import io.penstock.nn.network.Sequential;
import io.penstock.nn.network.SplitOutput;
import io.penstock.nn.update.Updater;
import io.penstock.schedule.Schedule;
import io.penstock.schedule.generate.Schedules;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * A transformer with a large vocabulary on stages, in the simulator: with its output projection
 * whole, and split by columns into as many blocks as the planner takes, half of that and twice.
 * Layers cost what their operations do on a core of 90 GFLOP/s, links what they do between two
 * processes.
 *
 * <p>{@code examples/run large-vocabulary [--vocabulary 50000] [--width 256] [--blocks 8] [--length
 * 64] [--stages 4,8] [--micro-batches 16] [--rows 2] [--schedule 1f1b,zb-h1]}
 */
public final class LargeVocabulary {
  private static final Example EXAMPLE =
      new Example(
          "large-vocabulary",
          "An output projection to a large vocabulary, whole and split over stages, simulated",
          List.of(
              Option.count("vocabulary", 50_000, "ids"),
              Option.count("width", 256, "of the transformer"),
              Option.count("blocks", 8, "of the transformer"),
              Option.count("length", 64, "ids of a row"),
              Option.counts("stages", "4,8", "executors, with commas"),
              Option.count("micro-batches", 16, "of a mini-batch"),
              Option.count("rows", 2, "of a micro-batch"),
              Option.schedules("1f1b,zb-h1", "schedules, with commas")));

  private static final Updater ADAM = Updater.adam(1e-3);
  private static final int HEADS = 4;
  private static final int MOST = 128;

  private final Sequential network;
  private final int microBatches;
  private final int rows;

  private LargeVocabulary(Options options) {
    int length = options.count("length");
    long width = options.count("width");
    NetworkBuilder builder =
        Sequential.input(length).embedding(options.count("vocabulary"), width).positions(length);
    for (int block = 0; block < options.count("blocks"); block++) {
      builder.transformerBlock(HEADS, 4 * width, true, 0);
    }
    this.network =
        builder
            .layerNorm()
            .dense(options.count("vocabulary"))
            .loss(Losses.softmaxCrossEntropy())
            .build();
    this.microBatches = options.count("micro-batches");
    this.rows = options.count("rows");
  }

  /** Prints the table; see the class. A wrong option ends it with exit status 2. */
  public static void main(String[] arguments) throws Exception {
    EXAMPLE.main(arguments, options -> System.out.print(table(options)));
  }

  /** The table that the command line asks for. */
  static String table(String... arguments) {
    return table(EXAMPLE.parse(arguments));
  }

  private static String table(Options options) {
    LargeVocabulary example = new LargeVocabulary(options);
    StringBuilder text = new StringBuilder();
    text.append(
        String.format(
            Locale.ROOT,
            "%s of %s of %s of %d, width %d, %d transformer blocks%n"
                + "%9s %-12s %7s %16s %9s %8s %11s%n",
            new Amount(example.microBatches, "micro-batch"),
            new Amount(example.rows, "sequence"),
            new Amount(options.count("length"), "id"),
            options.count("vocabulary"),
            options.count("width"),
            options.count("blocks"),
            "executors",
            "schedule",
            "blocks",
            "slowest stage ms",
            "step s",
            "bubble",
            "efficiency"));
    for (int stages : options.counts("stages")) {
      for (String id : options.schedules()) {
        Schedule schedule = Schedules.generate(id, stages, example.microBatches);
        int planned = example.planned(schedule);
        for (int blocks : new TreeSet<>(List.of(1, (planned + 1) / 2, planned, 2 * planned))) {
          text.append(example.line(schedule, blocks, blocks == planned && planned > 1));
        }
      }
    }
    return text.toString();
  }

  /** The blocks that outputBlocks = 0 takes. */
  private int planned(Schedule schedule) {
    return new OutputBlocks(CutConstraints.of(schedule), MOST)
        .least(blocks -> LayerCosts.estimated(SplitOutput.inTraining(network, blocks), rows, ADAM));
  }

  private String line(Schedule schedule, int blocks, boolean planned) {
    Sequential split = SplitOutput.inTraining(network, blocks);
    Profile profile = Profile.guessed(split, ADAM, false);
    LayerCosts costs = profile.costs(rows * microBatches, microBatches);
    Cut cut = Partitioner.partition(costs, CutConstraints.of(schedule));
    double[] stages =
        IntStream.range(0, cut.stages())
            .mapToDouble(
                stage ->
                    costs.layers().subList(cut.first(stage), cut.end(stage)).stream()
                        .mapToDouble(LayerCost::time)
                        .sum())
            .toArray();
    double slowest = IntStream.range(0, stages.length).mapToDouble(s -> stages[s]).max().orElse(0);
    double all = IntStream.range(0, stages.length).mapToDouble(s -> stages[s]).sum();
    Prediction step = Prediction.of(profile, costs, schedule, cut);
    double ideal = microBatches * all / schedule.ranks().size();
    return String.format(
        Locale.ROOT,
        "%9d %-12s %6d%s %16.1f %9.3f %7.1f%% %10.1f%%%n",
        schedule.ranks().size(),
        schedule.name(),
        blocks,
        planned ? "*" : " ",
        1e3 * slowest,
        step.seconds(),
        100 * step.bubble(),
        100 * ideal / step.seconds());
  }
}
