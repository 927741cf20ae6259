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
import java.util.Arrays;
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
              Option.oneOf("work", Work.names(), "a reference work").withDefault("W1"),
              Option.counts("stages", "1,2", "numbers of them"),
              Option.counts("replicas", "1", "numbers of them, of all stages"),
              Option.schedulesOrAuto("1f1b,gpipe", "schedules, with commas"),
              new Option(
                  "micro-batches",
                  "8",
                  "of a mini-batch; numbers of them, or auto",
                  (its, value) ->
                      Configuration.microBatches(
                          Options.split(value), List.of(Configuration.AUTO))),
              Option.count("repeats", 3, "rounds, of which medians are told"),
              Option.atLeast(2, "epochs", "of a round; the first is not counted").withDefault(2),
              new Option(
                  "peers",
                  "false",
                  "true, torch, or some of " + String.join(", ", Peer.names()),
                  (its, value) -> Peer.named(value)),
              Option.someOf("cut", "cost", List.of("cost", "count"), "what stages have a share of"),
              Option.someOf("recompute", "never", RecomputePolicy.ids(), "forwards done twice"),
              Option.someOf(
                  "offload", "false", List.of("false", "true"), "what is kept for them to disk"),
              Option.someOf("link-precision", "float32", LinkPrecision.ids(), "dtypes on the wire"),
              new Option(
                  "checkpoint-steps",
                  "0",
                  "steps between two checkpoints, such as 0,20",
                  (its, value) -> Options.split(value).forEach(Configuration::steps)),
              Option.positive("give-up", 10, "times slower than the rest is too slow: stopped")));

  private Bench() {}

  private static Rounds rounds(Work work, Options options) {
    List<Integer> stages = Arrays.stream(options.counts("stages")).boxed().toList();
    List<String> schedules = options.schedules();
    List<Configuration> configurations =
        Configuration.combinations(
                stages,
                schedules,
                Configuration.microBatches(options.words("micro-batches"), schedules),
                Configuration.cuts(options.words("cut")),
                options.words("recompute").stream().map(RecomputePolicy::named).toList(),
                options.words("link-precision").stream().map(LinkPrecision::named).toList())
            .stream()
            .flatMap(
                each ->
                    options.words("checkpoint-steps").stream()
                        .map(steps -> each.withCheckpoints(Configuration.steps(steps))))
            .flatMap(
                each ->
                    Arrays.stream(options.counts("replicas"))
                        .filter(each::goesInto)
                        .mapToObj(each::withReplicas))
            .flatMap(
                each ->
                    options.words("offload").stream().map(Boolean::valueOf).map(each::withOffload))
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
