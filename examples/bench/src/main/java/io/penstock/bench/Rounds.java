package io.penstock.bench;

import io.penstock.balance.CutConstraints;
import io.penstock.balance.CutSchedule;
import io.penstock.examples.MemoryUse;
import io.penstock.launch.job.TrainingJob;
import io.penstock.launch.job.TrainingResult;
import io.penstock.ml.PipelineParallelClassifier;
import io.penstock.train.TrainingPlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.commons.io.FileUtils;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * The turns of a benchmark: every round measures what the machine can do, runs each configuration
 * and each peer. A configuration that is hopelessly slow is stopped at its first steps; that takes
 * a rest to hold it to, so the one that would be first is only looked at, and runs when the others
 * have.
 */
final class Rounds {
  /** Micro-batches whose shape the limit is measured at where their number is left open. */
  private static final int USUAL = 8;

  private static final long LARGE = 2048;

  private final Work work;
  private final List<Configuration> configurations;
  private final List<Peer> peers;
  private final int executors;
  private final int repeats;
  private final int epochs;
  private final double giveUp;
  private final Map<Configuration, List<Measurement>> runs = new LinkedHashMap<>();
  private final Map<Configuration, Stopped> stopped = new LinkedHashMap<>();
  private final Map<Configuration, Double> rates = new LinkedHashMap<>();

  /**
   * Nothing has run yet.
   *
   * @param repeats how many rounds
   * @param epochs of a run
   * @param giveUp how many times slower than the rest is too slow
   */
  Rounds(
      Work work,
      List<Configuration> configurations,
      List<Peer> peers,
      int repeats,
      int epochs,
      double giveUp) {
    this.work = work;
    this.configurations = configurations;
    this.peers = peers;
    this.executors = configurations.stream().mapToInt(Configuration::executors).max().orElseThrow();
    this.repeats = repeats;
    this.epochs = epochs;
    this.giveUp = giveUp;
  }

  /** Runs them all, once. */
  Report run(SparkSession spark) throws IOException, InterruptedException {
    JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    Dataset<Row> data = work.data(spark, executors).cache();
    data.count();
    GemmLimit limit =
        new GemmLimit(
            ProductLibrary.atHand(),
            LARGE,
            work.gemmShape(configurations.get(0).microBatches().orElse(USUAL)),
            configurations.stream().map(Configuration::executors).toList());
    Map<Peer, List<Peer.Run>> peerRuns = new LinkedHashMap<>();
    warmUp(spark);
    String computesWith = ComputesWith.executors(context, executors);
    limit.measure();
    look(context, data);
    for (int round = 0; round < repeats; round++) {
      for (Configuration each : order(round)) {
        if (!stopped.containsKey(each)) {
          measure(context, round, each, data);
        }
      }
      for (Peer each : peers) {
        Peer.Run run = each.run(work);
        peerRuns.computeIfAbsent(each, none -> new ArrayList<>()).add(run);
        progress(round, each.name(), run.rowsPerSecond());
      }
      limit.measureBest();
    }
    String place = context.master().matches("local(\\[.*)?") ? "threads" : "processes";
    return new Report(work, place, computesWith, limit, configurations, runs, stopped, peerRuns);
  }

  /** The first one's rate, for the others to be held to. */
  private void look(JavaSparkContext context, Dataset<Row> data) throws InterruptedException {
    if (configurations.size() == 1) {
      return;
    }
    Configuration first = configurations.get(0);
    System.err.printf(
        "a first look at %s: two steps, then its job is cancelled (Spark warns of TaskKilled)%n",
        first);
    long called = System.currentTimeMillis();
    Attempt.Outcome seen = Attempt.at(context.sc(), work, Patience.FOR_A_LOOK, fit(first, data));
    double rate =
        seen.stopped()
            ? seen.rowsPerSecond().orElseThrow()
            : Measurement.of(work, seen.result(), called, Map.of(), Map.of()).rowsPerSecond();
    rates.put(first, rate);
  }

  private List<Configuration> order(int round) {
    List<Configuration> order = new ArrayList<>(configurations);
    if (round == 0) {
      order.add(order.remove(0));
    }
    return order;
  }

  /** Classes are loaded, executors are there. */
  private void warmUp(SparkSession spark) {
    Work small = Work.named("deep");
    new PipelineParallelClassifier()
        .setNetwork(small.network())
        .setNumStages(1)
        .setNumReplicas(executors)
        .setNumMicroBatches(executors)
        .setBatchSize(small.batchSize())
        .setEpochs(1)
        .fit(small.data(spark, executors));
  }

  private void measure(JavaSparkContext context, int round, Configuration how, Dataset<Row> data)
      throws InterruptedException {
    Map<Long, MemoryUse> before = MemoryUse.readAndReset(context, executors);
    Optional<Patience> patience = patience(how);
    long called = System.currentTimeMillis();
    Callable<TrainingResult> fit = fit(how, data);
    TrainingResult result;
    if (patience.isPresent()) {
      Attempt.Outcome outcome = Attempt.at(context.sc(), work, patience.get(), fit);
      if (outcome.stopped()) {
        double rate = outcome.rowsPerSecond().orElseThrow();
        stopped.put(how, new Stopped(rate, patience.get().leastRate(), giveUp));
        rates.remove(how);
        progress(round, how + ", stopped", rate);
        return;
      }
      result = outcome.result();
    } else {
      result = called(fit);
    }
    Measurement measured =
        Measurement.of(work, result, called, before, MemoryUse.readAndReset(context, executors));
    runs.computeIfAbsent(how, none -> new ArrayList<>()).add(measured);
    rates.put(how, measured.rowsPerSecond());
    progress(round, how, measured.rowsPerSecond());
  }

  /** Empty where it is not looked at: it has run to its end before, or nothing else has. */
  private Optional<Patience> patience(Configuration how) {
    if (runs.containsKey(how)) {
      return Optional.empty();
    }
    Map<Configuration, Double> rest = new LinkedHashMap<>(rates);
    rest.remove(how);
    return Patience.with(rest.values(), giveUp, work.batchSize());
  }

  private static TrainingResult called(Callable<TrainingResult> fit) {
    try {
      return fit.call();
    } catch (RuntimeException failed) {
      throw failed;
    } catch (Exception impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private Callable<TrainingResult> fit(Configuration how, Dataset<Row> data) {
    PipelineParallelClassifier classifier =
        new PipelineParallelClassifier()
            .setNetwork(work.network())
            .setNumStages(how.stages())
            .setNumReplicas(how.replicas())
            .setSchedule(how.schedule())
            .setBatchSize(work.batchSize())
            .setUpdater(work.updater())
            .setLearningRate(work.learningRate())
            .setRecompute(how.recompute().id())
            .setOffload(how.offload())
            .setLinkPrecision(how.linkPrecision().id())
            .setEpochs(epochs);
    how.microBatches().ifPresent(classifier::setNumMicroBatches);
    if (how.cut() == Configuration.CutBy.COUNT) {
      classifier.setStageStarts(how.evenStarts(work.network().layers().size()));
    }
    if (how.checkpointSteps() > 0 && work.isOfSequences()) {
      throw new IllegalArgumentException(
          "--checkpoint-steps is for works of the classifier; "
              + work.name()
              + " is of sequences.");
    }
    return () ->
        work.isOfSequences()
            ? sequences(classifier, data)
            : checkpointed(classifier, how.checkpointSteps(), data);
  }

  private static TrainingResult checkpointed(
      PipelineParallelClassifier classifier, int steps, Dataset<Row> data) throws IOException {
    if (steps == 0) {
      return classifier.fit(data).training().orElseThrow();
    }
    Path directory = Files.createTempDirectory("penstock-bench");
    try {
      return classifier
          .setCheckpointDir(directory.toUri().toString())
          .setCheckpointSteps(steps)
          .setKeepLastCheckpoint(false)
          .fit(data)
          .training()
          .orElseThrow();
    } finally {
      FileUtils.deleteDirectory(directory.toFile());
    }
  }

  /** The classifier takes no sequences: what it resolves its params to goes to the job at once. */
  private TrainingResult sequences(PipelineParallelClassifier params, Dataset<Row> data) {
    CutSchedule cut = params.resolvePlan(work.network(), CutConstraints.UNLIMITED);
    TrainingPlan plan =
        new TrainingPlan(
                work.network().toJson(),
                params.resolveUpdater().toJson(),
                cut.cut().starts(),
                cut.schedule(),
                params.getBatchSize(),
                epochs,
                params.getSeed())
            .withLinkPrecision(params.resolveLinkPrecision())
            .withReplication(
                params.resolveReplication(params.getNumReplicas(), params.getGradientGroups()));
    return TrainingJob.run(data, work.columns(data.schema()), work.labels(), plan);
  }

  private void progress(int round, Object what, double rowsPerSecond) {
    System.err.printf(
        Locale.ROOT, "round %d of %d: %s: %,.0f rows/s%n", round + 1, repeats, what, rowsPerSecond);
  }
}
