package io.penstock.bench;

import io.penstock.balance.Cut;
import io.penstock.balance.Layout;
import io.penstock.examples.Example;
import io.penstock.examples.MemoryUse;
import io.penstock.examples.Option;
import io.penstock.examples.Options;
import io.penstock.examples.Result;
import io.penstock.launch.NativeRuntime;
import io.penstock.launch.TrainingJob;
import io.penstock.launch.TrainingResult;
import io.penstock.link.LinkPrecision;
import io.penstock.ml.PipelineParallelClassifier;
import io.penstock.schedule.Recomputation;
import io.penstock.schedule.Schedule;
import io.penstock.schedule.ScheduleFile;
import io.penstock.schedule.Schedules;
import io.penstock.train.TrainingPlan;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Reference work in several configurations, in turns: every round measures what the machine can do,
 * runs each configuration and, if asked to, each peer. Ends with medians, a line each.
 *
 * <p>{@code examples/run bench [--work W1] [--stages 1,2] [--schedule 1f1b,gpipe] [--micro-batches
 * 8] [--executors threads|processes] [--repeats 3] [--epochs 2] [--peers false] [--cut cost,count]
 * [--recompute never,always,exceptLast] [--link-precision float32,bfloat16,float16]}
 */
public final class Bench {
  private static final Example EXAMPLE =
      new Example(
          "bench",
          "Reference work beside what the machine and its peers reach",
          List.of(
              Option.text("work", "W1", "a reference work: " + String.join(", ", Work.names())),
              Option.text("stages", "1,2", "numbers of them"),
              Option.text("schedule", "1f1b,gpipe", "schedules, with commas"),
              Option.text("micro-batches", "8", "of a mini-batch; numbers of them"),
              Option.count("repeats", 3, "rounds, of which medians are told"),
              Option.atLeast(2, "epochs", "of a round; the first is not counted").withDefault(2),
              Option.text("peers", "false", "true, or some of " + String.join(", ", Peer.names())),
              Option.text("cut", "cost", "layers by cost, count or cost,count"),
              Option.text("recompute", "never", "some of never, always, exceptLast"),
              Option.text("link-precision", "float32", "some of float32, bfloat16, float16")));

  private final Work work;
  private final List<Configuration> configurations;
  private final List<Peer> peers;
  private final int executors;
  private final int repeats;
  private final int epochs;

  private Bench(Options options) {
    this.work = Work.named(options.text("work"));
    List<Integer> stages = Configuration.counts("stages", options.text("stages"));
    List<Integer> microBatches =
        Configuration.counts("micro-batches", options.text("micro-batches"));
    this.configurations =
        Configuration.combinations(
            stages,
            Configuration.words(options.text("schedule")),
            microBatches,
            Configuration.cuts(options.text("cut")),
            Configuration.words(options.text("recompute")).stream()
                .map(Recomputation::named)
                .toList(),
            Configuration.words(options.text("link-precision")).stream()
                .map(LinkPrecision::named)
                .toList());
    this.peers = Peer.chosen(options.text("peers"));
    if (work.isOfSequences() && !peers.isEmpty()) {
      throw new IllegalArgumentException(
          "--peers: they only do perceptrons; with --work " + work.name() + " leave it out");
    }
    this.executors = stages.stream().mapToInt(Integer::intValue).max().orElseThrow();
    this.repeats = options.count("repeats");
    this.epochs = options.count("epochs");
    for (Configuration each : configurations) {
      if (each.schedule().equals("auto") || ScheduleFile.isName(each.schedule())) {
        continue; // of which only the fit knows the stages
      }
      TrainingPlan.runnable(
          Schedules.generate(each.schedule(), each.stages(), each.microBatches()),
          each.recompute());
    }
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

  private static List<Result> measure(SparkSession.Builder builder, Options options)
      throws IOException, InterruptedException {
    Bench bench = new Bench(options);
    NativeRuntime.ready(1);
    try (SparkSession spark = builder.getOrCreate()) {
      return bench.run(spark).lines();
    }
  }

  private Report run(SparkSession spark) throws IOException, InterruptedException {
    JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    Dataset<Row> data = work.data(spark, executors).cache();
    data.count();
    GemmLimit limit = new GemmLimit(work.gemmShape(configurations.get(0).microBatches()));
    Map<Configuration, List<Measurement>> runs = new LinkedHashMap<>();
    Map<Peer, List<Peer.Run>> peerRuns = new LinkedHashMap<>();
    warmUp(spark);
    for (int round = 0; round < repeats; round++) {
      limit.measure();
      for (Configuration each : configurations) {
        Measurement measured = measure(context, each, data);
        runs.computeIfAbsent(each, none -> new ArrayList<>()).add(measured);
        progress(round, each, measured.rowsPerSecond());
      }
      for (Peer each : peers) {
        Peer.Run run = each.run(work);
        peerRuns.computeIfAbsent(each, none -> new ArrayList<>()).add(run);
        progress(round, each.name(), run.rowsPerSecond());
      }
    }
    String place = context.master().matches("local(\\[.*)?") ? "threads" : "processes";
    return new Report(work, place, limit, runs, peerRuns);
  }

  /** Classes are loaded, executors are there. */
  private void warmUp(SparkSession spark) {
    Work small = Work.named("deep");
    new PipelineParallelClassifier()
        .setNetwork(small.network())
        .setNumStages(executors)
        .setNumMicroBatches(executors)
        .setBatchSize(small.batchSize())
        .setEpochs(1)
        .fit(small.data(spark, executors));
  }

  private Measurement measure(JavaSparkContext context, Configuration how, Dataset<Row> data) {
    Map<Long, MemoryUse> before = MemoryUse.readAndReset(context, executors);
    PipelineParallelClassifier classifier =
        new PipelineParallelClassifier()
            .setNetwork(work.network())
            .setNumStages(how.stages())
            .setSchedule(how.schedule())
            .setNumMicroBatches(how.microBatches())
            .setBatchSize(work.batchSize())
            .setUpdater(work.updater())
            .setLearningRate(work.learningRate())
            .setRecompute(how.recompute().id())
            .setLinkPrecision(how.linkPrecision().id())
            .setEpochs(epochs);
    if (how.cut() == Configuration.CutBy.COUNT) {
      classifier.setStageStarts(how.evenStarts(work.network().layers().size()));
    }
    long called = System.currentTimeMillis();
    TrainingResult result =
        work.isOfSequences()
            ? sequences(classifier, data)
            : classifier.fit(data).training().orElseThrow();
    return Measurement.of(work, result, called, before, MemoryUse.readAndReset(context, executors));
  }

  /** The classifier takes no sequences: what it resolves its params to goes to the job at once. */
  private TrainingResult sequences(PipelineParallelClassifier params, Dataset<Row> data) {
    Schedule schedule = params.resolveSchedule();
    Cut cut = params.resolveCut(work.network(), schedule, Layout.UNLIMITED);
    TrainingPlan plan =
        new TrainingPlan(
                work.network().toJson(),
                params.resolveUpdater().toJson(),
                cut.starts(),
                schedule,
                params.getBatchSize(),
                epochs,
                params.getSeed())
            .carriedIn(params.resolveLinkPrecision());
    return TrainingJob.run(data, work.columns(data.schema()), work.labels(), plan);
  }

  private void progress(int round, Object what, double rowsPerSecond) {
    System.err.printf(
        Locale.ROOT, "round %d of %d: %s: %,.0f rows/s%n", round + 1, repeats, what, rowsPerSecond);
  }
}
