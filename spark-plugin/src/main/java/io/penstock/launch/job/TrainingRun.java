package io.penstock.launch.job;

import io.penstock.checkpoint.UnreadableStateException;
import io.penstock.event.EpochCompleted;
import io.penstock.event.FailureKind;
import io.penstock.feed.FeatureColumns;
import io.penstock.feed.Feed;
import io.penstock.feed.LabelKind;
import io.penstock.feed.RowBlock;
import io.penstock.launch.cluster.NativeMemory;
import io.penstock.launch.cluster.Placement;
import io.penstock.launch.cluster.Preflight;
import io.penstock.launch.cluster.Replacements;
import io.penstock.launch.cluster.ResultBytes;
import io.penstock.train.RankResult;
import io.penstock.train.TrainingPlan;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
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
  private final JavaRDD<RowBlock> blocks;

  /** Newest epochs that were done before the checkpoint that the next attempt goes on from. */
  private List<EpochCompleted> epochs = List.of();

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
    // One for all attempts: what Spark has shuffled and still has is not packed again.
    this.blocks =
        Feed.blocks(
            data,
            columns,
            labels,
            options.validation(),
            plan.seed(),
            plan.ranks(),
            plan.featureRank(),
            plan.labelRank());
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
            .map(wanted -> new CheckpointKeeper(context, wanted, runId, plan.identity()));
    try (BroadcastWeights initial =
        new BroadcastWeights(new JavaSparkContext(context), options.initialWeights())) {
      TrainingResult result = attempts(initial, checkpoints);
      checkpoints.ifPresent(CheckpointKeeper::succeeded);
      return result;
    } catch (TrainingFailedException failed) {
      throw failed.with(checkpoints.map(CheckpointKeeper::hint).orElse(""));
    } finally {
      checkpoints.ifPresent(CheckpointKeeper::close);
    }
  }

  private TrainingResult attempts(
      BroadcastWeights initial, Optional<CheckpointKeeper> checkpoints) {
    int inARow = 0;
    int reached = -1;
    for (int attempt = 0; ; attempt++) {
      Optional<SavedCheckpoint> from = checkpoints.flatMap(CheckpointKeeper::newest);
      epochs = from.map(saved -> EpochHistory.read(saved.manifest().epochs())).orElse(List.of());
      RunMonitor monitor =
          new RunMonitor(runId, attempt, plan.ranks(), plan.epochs(), epochs, events::heard);
      try {
        return attempt(attempt, monitor, initial, checkpoints);
      } catch (TrainingFailedException failed) {
        if (failed.getCause() instanceof UnreadableStateException) {
          checkpoints.ifPresent(CheckpointKeeper::setNewestAside);
        }
        int now = progress(monitor, checkpoints);
        inARow = now > reached ? 1 : inARow + 1;
        reached = Math.max(reached, now);
        if (!failed.kind().recoverable() || !recovery.allows(inARow)) {
          throw failed;
        }
        goOn(failed, inARow, checkpoints);
      }
    }
  }

  /** Returns how far a run has come for good: steps of a checkpoint or, without any, epochs. */
  private static int progress(RunMonitor monitor, Optional<CheckpointKeeper> checkpoints) {
    return checkpoints.isPresent()
        ? checkpoints.get().newest().map(SavedCheckpoint::step).orElse(0)
        : 0;
  }

  /** Tells that the run starts again, and waits until it can. */
  private void goOn(
      TrainingFailedException failed, int inARow, Optional<CheckpointKeeper> checkpoints) {
    String from =
        checkpoints
            .flatMap(CheckpointKeeper::newest)
            .map(
                saved ->
                    "goes on after "
                        + saved.manifest().state().position()
                        + " from "
                        + saved.directory())
            .orElse(
                checkpoints.isPresent()
                    ? "starts again from the beginning, for no checkpoint was complete"
                    : "starts again from the beginning, for it leaves no checkpoints");
    events.again(
        failed.rank().orElse(-1),
        from
            + " (failure "
            + inARow
            + " in a row, of at most "
            + recovery.maxFailures()
            + "): "
            + failed.getMessage());
    try {
      TimeUnit.MILLISECONDS.sleep(recovery.pauseMillis(inARow));
      Replacements.await(context, plan.ranks(), recovery.waitMillis());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new TrainingFailedException(
          RunFailure.of(
              FailureKind.CANCELLED,
              "Interrupted before it started again after: " + failed.getMessage(),
              interrupted));
    }
  }

  private TrainingResult attempt(
      int attempt,
      RunMonitor monitor,
      BroadcastWeights initial,
      Optional<CheckpointKeeper> checkpoints) {
    boolean validates = options.validation().isPresent();
    Placement placement =
        Preflight.await(
            context,
            plan.ranks(),
            NativeMemory.needed(plan, validates, checkpoints.isPresent()),
            ResultBytes.of(plan),
            options.gpus());
    if (attempt == 0) {
      placement.tell(options.gpus());
    }
    LOG.info("Training {} ({}, attempt {})", plan.words(), runId, attempt + 1);
    TrainingTask task =
        new TrainingTask(
            runId,
            attempt,
            placement.device(),
            plan,
            columns,
            labels,
            options.validation().orElse(null),
            initial,
            checkpoints.flatMap(CheckpointKeeper::start).orElse(null),
            checkpoints.map(keeper -> keeper.begin(plan, monitor)).orElse(null));
    List<RankResult> results =
        new BarrierJob(
                context,
                placement.profile(),
                monitor,
                part -> checkpoints.orElseThrow().heard(part))
            .run(blocks.rdd(), task, RankResult.class);
    return TrainingResult.of(results, monitor.completed(), monitor.arithmetic());
  }
}
