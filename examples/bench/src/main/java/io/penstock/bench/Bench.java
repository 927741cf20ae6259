package io.penstock.bench;

import io.penstock.balance.RecomputePolicy;
import io.penstock.examples.Example;
import io.penstock.examples.Option;
import io.penstock.examples.Options;
import io.penstock.examples.Result;
import io.penstock.launch.cluster.NativeRuntime;
import io.penstock.link.LinkPrecision;
import io.penstock.schedule.ScheduleFile;
import io.penstock.schedule.generate.Schedules;
import io.penstock.train.TrainingPlan;
import java.io.IOException;
import java.util.List;
import org.apache.spark.sql.SparkSession;

/**
 * Reference work in several configurations, in turns: every round measures what the machine can do,
 * runs each configuration and, if asked to, each peer. Ends with medians, a line each.
 *
 * <p>{@code examples/run bench [--work W1] [--stages 1,2] [--replicas 1,2] [--schedule 1f1b,gpipe]
 * [--micro-batches 8,auto] [--executors threads|processes] [--repeats 3] [--epochs 2] [--peers
 * false] [--cut cost,count] [--recompute never,always,exceptLast,sqrt] [--offload false,true]
 * [--link-precision float32,bfloat16,float16] [--give-up 10]}
 */
public final class Bench {
  private static final Example EXAMPLE =
      new Example(
          "bench",
          "Reference work beside what the machine and its peers reach",
          List.of(
              Option.text("work", "W1", "a reference work: " + String.join(", ", Work.names())),
              Option.text("stages", "1,2", "numbers of them"),
              Option.text("replicas", "1", "numbers of them, of all stages"),
              Option.text("schedule", "1f1b,gpipe", "schedules, with commas"),
              Option.text("micro-batches", "8", "of a mini-batch; numbers of them, or auto"),
              Option.count("repeats", 3, "rounds, of which medians are told"),
              Option.atLeast(2, "epochs", "of a round; the first is not counted").withDefault(2),
              Option.text(
                  "peers", "false", "true, torch, or some of " + String.join(", ", Peer.names())),
              Option.text("cut", "cost", "layers by cost, count or cost,count"),
              Option.text(
                  "recompute", "never", "some of " + String.join(", ", RecomputePolicy.ids())),
              Option.text("offload", "false", "what is kept for second forwards to disk, or both"),
              Option.text("link-precision", "float32", "some of float32, bfloat16, float16"),
              Option.text("checkpoint-steps", "0", "steps between two checkpoints, such as 0,20"),
              Option.positive("give-up", 10, "times slower than the rest is too slow: stopped")));

  private Bench() {}

  private static Rounds rounds(Work work, Options options) {
    List<Integer> stages = Configuration.counts("stages", options.text("stages"));
    List<String> schedules = Configuration.words(options.text("schedule"));
    List<Configuration> configurations =
        Configuration.combinations(
                stages,
                schedules,
                Configuration.microBatches(options.text("micro-batches"), schedules),
                Configuration.cuts(options.text("cut")),
                Configuration.words(options.text("recompute")).stream()
                    .map(RecomputePolicy::named)
                    .toList(),
                Configuration.words(options.text("link-precision")).stream()
                    .map(LinkPrecision::named)
                    .toList())
            .stream()
            .flatMap(
                each ->
                    Configuration.words(options.text("checkpoint-steps")).stream()
                        .map(steps -> each.withCheckpoints(Configuration.steps(steps))))
            .flatMap(
                each ->
                    Configuration.counts("replicas", options.text("replicas")).stream()
                        .filter(each::goesInto)
                        .map(each::withReplicas))
            .flatMap(
                each ->
                    Configuration.offload(options.text("offload")).stream().map(each::withOffload))
            .distinct()
            .toList();
    List<Peer> peers =
        Torch.runnable(
            Peer.chosen(options.text("peers"), work),
            Torch.candidates(),
            line -> System.err.println("bench: --peers torch: " + line));
    for (Configuration each : configurations) {
      if (each.schedule().equals(Configuration.AUTO) || ScheduleFile.isName(each.schedule())) {
        continue; // of which only the fit knows the stages
      }
      TrainingPlan.lowerAndVerify(
          each.recompute()
              .ofStages(
                  Schedules.generate(
                      each.schedule(),
                      each.stages(),
                      each.microBatches().orElseThrow() / each.replicas())));
    }
    return new Rounds(
        work,
        configurations,
        peers,
        options.count("repeats"),
        options.count("epochs"),
        options.number("give-up"));
  }

  /** Runs the measurement; see the class. A wrong option ends it with exit status 2. */
  public static void main(String[] arguments) throws Exception {
    SparkSession.Builder spark = SparkSession.builder().appName("benchmark");
    EXAMPLE.main(arguments, options -> measure(spark, options).forEach(Result::print));
  }

  /** Measures what the command line asks for, on a Spark that it starts and stops. */
  static List<Result> measure(SparkSession.Builder builder, String... arguments)
      throws IOException, InterruptedException {
    return measure(builder, EXAMPLE.parse(arguments));
  }

  /** The same of other work than is asked for. */
  static List<Result> measure(SparkSession.Builder builder, Work work, String... arguments)
      throws IOException, InterruptedException {
    return measure(builder, work, EXAMPLE.parse(arguments));
  }

  private static List<Result> measure(SparkSession.Builder builder, Options options)
      throws IOException, InterruptedException {
    return measure(builder, Work.named(options.text("work")), options);
  }

  private static List<Result> measure(SparkSession.Builder builder, Work work, Options options)
      throws IOException, InterruptedException {
    Rounds rounds = rounds(work, options);
    NativeRuntime.ready(1);
    try (SparkSession spark = builder.getOrCreate()) {
      return rounds.run(spark).lines();
    }
  }
}
