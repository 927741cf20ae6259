package io.penstock.bench;

import io.penstock.balance.Cut;
import io.penstock.balance.CutConstraints;
import io.penstock.balance.HeldBytes;
import io.penstock.balance.LayerCosts;
import io.penstock.balance.Partitioner;
import io.penstock.balance.StageCosts;
import io.penstock.examples.Example;
import io.penstock.examples.Option;
import io.penstock.examples.Options;
import io.penstock.examples.Result;
import io.penstock.launch.cluster.NativeRuntime;
import io.penstock.nn.update.Updater;
import io.penstock.schedule.Recomputation;
import io.penstock.schedule.Schedule;
import io.penstock.schedule.Simulation;
import io.penstock.schedule.Simulator;
import io.penstock.schedule.generate.Schedules;
import io.penstock.train.LayerTime;
import io.penstock.train.LayerTimer;
import io.penstock.train.TrainingPlan;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * What a cut gains and what recomputation costs, on more stages than this machine has cores: the
 * layers of a reference work are measured one by one on one thread, the exact partitioner cuts by
 * these times and by estimates from the network's description, and beside that stands the cut into
 * equal numbers of layers; every plan is played by the simulator, sending at no cost.
 *
 * <p>{@code examples/run cuts [--work W2] [--stages 2,3,4] [--schedule 1f1b] [--micro-batches 8]
 * [--recompute never]}
 */
public final class Cuts {
  private static final Example EXAMPLE =
      new Example(
          "cuts",
          "What the exact cut gains and recomputation costs, on any number of stages",
          List.of(
              Option.oneOf("work", Work.names(), "a reference work").withDefault("W2"),
              Option.counts("stages", "2,3,4", "numbers of them"),
              Option.schedules("1f1b", "schedules, with commas"),
              Option.count("micro-batches", 8, "of a mini-batch"),
              Option.someOf("recompute", "never", Recomputation.ids(), "forwards done twice")));

  private static final double MEBI = 1 << 20;

  private final Work work;
  private final LayerCosts measured;
  private final int microBatches;

  private Cuts(Work work, int microBatches) {
    this.work = work;
    this.microBatches = microBatches;
    int rows = (work.batchSize() + microBatches - 1) / microBatches;
    Updater updater = Updater.named(work.updater(), work.learningRate());
    List<LayerTime> times =
        IntStream.range(0, work.network().layers().size())
            .mapToObj(layer -> LayerTimer.time(work.network(), layer, rows, updater))
            .toList();
    this.measured =
        LayerCosts.measured(
            work.network(),
            rows,
            updater,
            millis(times, LayerTime::forward),
            millis(times, LayerTime::input),
            millis(times, LayerTime::weight));
  }

  private static double[] millis(List<LayerTime> times, ToDoubleFunction<LayerTime> part) {
    return times.stream().mapToDouble(time -> 1e3 * part.applyAsDouble(time)).toArray();
  }

  /** Measures and prints; see the class. A wrong option ends it with exit status 2. */
  public static void main(String[] arguments) throws Exception {
    EXAMPLE.main(arguments, options -> lines(options).forEach(Result::print));
  }

  /** Measures what the command line asks for. */
  static List<Result> lines(String... arguments) {
    return lines(EXAMPLE.parse(arguments));
  }

  private static List<Result> lines(Options options) {
    List<String> schedules = options.schedules();
    NativeRuntime.ready(1);
    Cuts cuts = new Cuts(Work.named(options.text("work")), options.count("micro-batches"));
    List<Result> lines = new ArrayList<>();
    for (int stages : options.counts("stages")) {
      for (String schedule : schedules) {
        for (String recompute : options.words("recompute")) {
          lines.addAll(cuts.compare(stages, schedule, Recomputation.named(recompute)));
        }
      }
    }
    return lines;
  }

  /** A line for each cut; the last, of equal numbers of layers, is what the others are held to. */
  private List<Result> compare(int ranks, String id, Recomputation recomputation) {
    Schedule schedule =
        TrainingPlan.lowerAndVerify(Schedules.generate(id, ranks, microBatches), recomputation);
    int layers = work.network().layers().size();
    int stages = schedule.stages();
    int[] even = Configuration.evenStarts(stages, layers);
    Cut byCount = new Cut(Arrays.stream(even).boxed().toList(), layers);
    Cut byTime = Partitioner.partition(measured, CutConstraints.of(schedule));
    Cut byEstimate = Partitioner.partition(LayerCosts.flops(work.network()), stages);
    double most = simulate(schedule, byCount).makespan();
    return List.of(
        line(schedule, recomputation, "measured_time", byTime, most),
        line(schedule, recomputation, "estimated_cost", byEstimate, most),
        line(schedule, recomputation, "count", byCount, most));
  }

  private Simulation simulate(Schedule schedule, Cut cut) {
    return Simulator.simulate(schedule, StageCosts.of(cut, measured, 0, Double.POSITIVE_INFINITY));
  }

  private Result line(
      Schedule schedule, Recomputation recomputation, String by, Cut cut, double byCount) {
    Simulation played = simulate(schedule, cut);
    return new Result()
        .with("work", work.name())
        .with("stages", cut.stages())
        .with("schedule", schedule.name())
        .with("micro_batches", microBatches)
        .with("recompute", recomputation.id())
        .with("cut_by", by)
        .with("starts", cut.starts().toString().replace(" ", ""))
        .with("simulated_step_ms", played.makespan())
        .with("bubble", played.bubble())
        .with("peak_activations_mib", Math.round(peak(played) / MEBI))
        .with("peak_with_state_mib", Math.round(HeldBytes.most(played, cut, measured) / MEBI))
        .with("gain_over_count", byCount / played.makespan());
  }

  private static double peak(Simulation played) {
    return played.peakBytes().stream().mapToDouble(Double::doubleValue).max().orElse(0);
  }
}
