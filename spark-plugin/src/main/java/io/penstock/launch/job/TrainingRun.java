package io.penstock.launch.job;

import io.penstock.Amount;
import io.penstock.checkpoint.NetworkWeights;
import io.penstock.checkpoint.UnreadableStateException;
import io.penstock.event.FailureKind;
import io.penstock.event.RankPlace;
import io.penstock.event.RanksReady;
import io.penstock.feed.FeatureColumns;
import io.penstock.feed.Feed;
import io.penstock.feed.LabelKind;
import io.penstock.feed.RowBlock;
import io.penstock.feed.RowEnds;
import io.penstock.launch.JavaSerialized;
import io.penstock.launch.cluster.DeviceDemand;
import io.penstock.launch.cluster.ExecutorDemand;
import io.penstock.launch.cluster.NativeMemory;
import io.penstock.launch.cluster.Placement;
import io.penstock.launch.cluster.Preflight;
import io.penstock.launch.cluster.PreflightException;
import io.penstock.launch.cluster.Replacements;
import io.penstock.launch.cluster.WaitingJob;
import io.penstock.launch.cluster.WeightsPlace;
import io.penstock.train.RankResult;
import io.penstock.train.TrainingPlan;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.SerializableWritable;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One training run on the driver: attempts, each a barrier job, until one succeeds. An attempt that
 * fails by a lost executor, task or link is followed by another, which goes on from the newest
 * checkpoint or, without one, from the beginning. For one thread.
 */
final class TrainingRun {
  private static final Logger LOG = LoggerFactory.getLogger(TrainingRun.class);

  private final Dataset<Row> data;
  private final SparkContext context;
  private final FeatureColumns columns;
  private final LabelKind labels;
  private final TrainingPlan plan;
  private final RunOptions options;
  private final String runId;
  private final RunEvents events;
  private final RecoveryPolicy recovery;
  private final WantedPlaces places;

  /** One for all attempts on as many ranks: what Spark still has is not packed again. */
  private final Map<RowEnds, JavaRDD<RowBlock>> blocks = new HashMap<>();

  /** Weights to begin with; null if there are none. */
  private Broadcast<SerializableWritable<JavaSerialized<NetworkWeights>>> initial;

  TrainingRun(
      Dataset<Row> data,
      FeatureColumns columns,
      LabelKind labels,
      TrainingPlan plan,
      RunOptions options,
      String runId,
      RunEvents events) {
    this.data = data;
    this.context = data.sparkSession().sparkContext();
    this.columns = columns;
    this.labels = labels;
    this.plan = plan;
    this.options = options;
    this.runId = runId;
    this.events = events;
    this.recovery = RecoveryPolicy.of(context.getConf());
    this.places = new WantedPlaces(options.places());
  }

  /**
   * Trains; returns when all ranks are done.
   *
   * @throws RuntimeException what {@link TrainingJob#run} throws
   */
  TrainingResult result() {
    Optional<CheckpointKeeper> checkpoints =
        options
            .checkpoints()
            .map(
                wanted ->
                    new CheckpointKeeper(
                        context,
                        wanted,
                        runId,
                        Identities.of(plan, options.initialWeights()),
                        plan.epochs()));
    try (JobTasks tasks = new JobTasks(context, runId);
        WeightsKeeper weights = new WeightsKeeper(context, runId)) {
      initial =
          options
              .initialWeights()
              .map(given -> JavaSerialized.broadcast(context, given))
              .orElse(null);
      TrainingResult result = attempts(tasks, weights, checkpoints);
      checkpoints.ifPresent(CheckpointKeeper::succeeded);
      return result;
    } catch (TrainingFailedException failed) {
      throw failed.with(checkpoints.map(keeper -> keeper.hint(failed.failure())).orElse(""));
    } finally {
      checkpoints.ifPresent(CheckpointKeeper::close);
      if (initial != null) {
        RunBroadcast.free(initial);
      }
    }
  }

  private TrainingResult attempts(
      JobTasks tasks, WeightsKeeper weights, Optional<CheckpointKeeper> checkpoints) {
    TrainingPlan now = plan;
    int inARow = 0;
    int reached = -1;
    for (int attempt = 0; ; attempt++) {
      RunMonitor monitor = monitor(attempt, now, checkpoints);
      try {
        return attempt(attempt, now, monitor, weights, checkpoints);
      } catch (TrainingFailedException | PreflightException thrown) {
        LostDevices lost = new LostDevices(context, monitor.lostDevices());
        List<RankPlace> stuck = lost.irreplaceable();
        TrainingFailedException failed = told(failure(thrown, attempt), stuck);
        checkpoints.ifPresent(CheckpointKeeper::settle);
        boolean setAside =
            failed.getCause() instanceof UnreadableStateException
                && checkpoints.map(CheckpointKeeper::setNewestAside).orElse(false);
        int step =
            checkpoints.flatMap(CheckpointKeeper::newest).map(SavedCheckpoint::step).orElse(0);
        boolean moved = failed.kind() == FailureKind.MOVED;
        inARow = moved || setAside ? 0 : step > reached ? 1 : inARow + 1;
        reached = Math.max(reached, step);
        boolean tired = !recovery.allows(inARow) || context.isStopped();
        if (!failed.kind().recoverable() || tired || !stuck.isEmpty()) {
          throw failed;
        }
        now = next(failed, inARow, TakenSlots.now(context, tasks), lost, checkpoints);
      }
    }
  }

  /**
   * Returns the failure of an attempt. A cluster that cannot carry the first is refused; one that
   * cannot carry a later one has lost what it had.
   */
  private static TrainingFailedException failure(RuntimeException thrown, int attempt) {
    if (thrown instanceof PreflightException refused) {
      if (attempt == 0) {
        throw refused;
      }
      return new TrainingFailedException(
          RunFailure.of(FailureKind.EXECUTOR_LOST, refused.getMessage(), refused));
    }
    return (TrainingFailedException) thrown;
  }

  /** Returns a failure that says besides what cannot be replaced. */
  private TrainingFailedException told(TrainingFailedException failed, List<RankPlace> stuck) {
    return stuck.isEmpty()
        ? failed
        : failed.with(FailureWords.gpuStaysLost(stuck, context.isLocal()));
  }

  private RunMonitor monitor(
      int attempt, TrainingPlan now, Optional<CheckpointKeeper> checkpoints) {
    EarlierAttempts earlier =
        checkpoints
            .flatMap(CheckpointKeeper::newest)
            .map(EarlierAttempts::of)
            .orElse(EarlierAttempts.NONE);
    Optional<Relocation> relocation =
        checkpoints.map(
            keeper -> new Relocation(context, runId, keeper, now.ranks(), plan.ranks()));
    return new RunMonitor(
        runId,
        attempt,
        now.ranks(),
        plan.epochs(),
        earlier,
        (monitor, event) -> {
          events.heard(event);
          if (event instanceof RanksReady ready) {
            places.missed(ready.places()).ifPresent(LOG::warn);
          }
          relocation.ifPresent(one -> one.heard(event, monitor));
        });
  }

  /**
   * Tells that the run starts again, and waits until it can.
   *
   * @return the plan to go on with
   */
  private TrainingPlan next(
      TrainingFailedException failed,
      int inARow,
      TakenSlots taken,
      LostDevices lost,
      Optional<CheckpointKeeper> checkpoints) {
    String from =
        checkpoints
            .flatMap(CheckpointKeeper::newest)
            .map(TrainingRun::from)
            .orElse(
                checkpoints.isPresent()
                    ? "starts again from the beginning, for no checkpoint was complete"
                    : "starts again from the beginning, for it leaves no checkpoints");
    String count =
        inARow == 0
            ? ""
            : " (failure " + inARow + " in a row of at most " + recovery.maxFailures() + ")";
    events.again(failed.rank().orElse(-1), from + count + ": " + failed.getMessage());
    // A job of its own, for Spark cancels nothing else.
    try (WaitingJob waiting =
        new WaitingJob(context, "Penstock waits to start a run again: " + from)) {
      waiting.pause(recovery.pauseMillis(inARow));
      taken.free(waiting);
      lost.awaitEnd(waiting, recovery.waitMillis());
      int there = await(waiting, options.elastic().isPresent());
      Optional<TrainingPlan> fewer = there < plan.ranks() ? planFor(there) : Optional.empty();
      if (there < plan.ranks() && fewer.isEmpty()) {
        await(waiting, false); // no plan for those that are there
      }
      return fewer.orElse(plan);
    }
  }

  private static String from(SavedCheckpoint saved) {
    return "goes on after " + saved.manifest().state().position() + " from " + saved.directory();
  }

  private int await(WaitingJob waiting, boolean fewerDo) {
    return Replacements.await(context, waiting, plan.ranks(), fewerDo, recovery.waitMillis());
  }

  /** Returns the plan for so many executors, or for fewer; empty if there is none. */
  private Optional<TrainingPlan> planFor(int executors) {
    for (int ranks = executors; ranks >= 1 && ranks < plan.ranks(); ranks--) {
      try {
        TrainingPlan fewer =
            options.fitted(context.getConf(), options.elastic().orElseThrow().on(ranks));
        events.recut(fewer);
        return Optional.of(fewer);
      } catch (IllegalArgumentException none) {
        LOG.warn(
            "No plan for {} of {}: {}",
            ranks,
            new Amount(plan.ranks(), "executor"),
            none.getMessage());
      }
    }
    return Optional.empty();
  }

  private JavaRDD<RowBlock> blocks(TrainingPlan now) {
    return blocks.computeIfAbsent(
        now.rowEnds(),
        ends -> Feed.blocks(data, columns, labels, options.validation(), now.seed(), ends));
  }

  private TrainingResult attempt(
      int attempt,
      TrainingPlan now,
      RunMonitor monitor,
      WeightsKeeper weights,
      Optional<CheckpointKeeper> checkpoints) {
    boolean validates = options.validation().isPresent();
    WeightsPlace place =
        WeightsPlace.of(context, now, options.checkpoints().map(Checkpoints::directory));
    Placement placement =
        Preflight.await(
            context,
            ExecutorDemand.of(now.topology()),
            NativeMemory.needed(now, validates, checkpoints.isPresent()),
            place,
            new DeviceDemand(options.gpus(), now.computePrecision()));
    if (attempt == 0) {
      placement.tell(options.gpus());
      checkpoints
          .flatMap(CheckpointKeeper::newest)
          .ifPresent(saved -> events.again(RunFailure.NO_RANK, from(saved)));
    }
    LOG.info("Training {} ({}, attempt {})", now.words(), runId, attempt + 1);
    TrainingTask task =
        new TrainingTask(
            runId,
            attempt,
            placement.device(),
            now,
            columns,
            labels,
            options.validation().orElse(null),
            initial,
            checkpoints.flatMap(CheckpointKeeper::start).orElse(null),
            checkpoints.map(keeper -> keeper.begin(now, monitor)).orElse(null),
            weights.begin(place, attempt).orElse(null));
    List<RankResult> results =
        new BarrierJob(
                context,
                placement.profile(),
                monitor,
                part -> checkpoints.orElseThrow().heard(part),
                () -> checkpoints.map(CheckpointKeeper::isAsked).orElse(false))
            .run(places.of(blocks(now).rdd()), task, RankResult.class);
    return TrainingResult.of(
        results,
        weights.of(results, now.network()),
        monitor.completed(),
        monitor.skippedSteps(),
        monitor.arithmetic());
  }
}
