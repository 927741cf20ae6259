package io.penstock.launch;

import io.penstock.feed.Block;
import io.penstock.feed.FeatureColumns;
import io.penstock.feed.Feed;
import io.penstock.feed.LabelKind;
import io.penstock.schedule.Peaks;
import io.penstock.schedule.Verifier;
import io.penstock.train.RankResult;
import io.penstock.train.TrainingPlan;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.SparkContext;
import org.apache.spark.SparkException;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.rdd.RDD;
import org.apache.spark.resource.ResourceProfile;
import org.apache.spark.resource.ResourceProfileBuilder;
import org.apache.spark.resource.TaskResourceRequests;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.reflect.ClassTag$;

/** One run, as the driver sees it: check, one barrier job, result. */
public final class TrainingJob {
  private static final Logger LOG = LoggerFactory.getLogger(TrainingJob.class);
  private static final Pattern LOST_TASK =
      Pattern.compile(
          "ResultTask\\(\\d+, (\\d+)\\) finished unsuccessfully\\.\\s+ExecutorLostFailure");
  private static final String INTERRUPT = "spark.job.interruptOnCancel";

  private TrainingJob() {}

  /**
   * Trains. Returns when all ranks are done.
   *
   * @param data the rows; computed once
   * @param columns which columns hold features and label
   * @param labels what a label must be
   * @throws PreflightException if the cluster cannot carry the run; no job was started
   * @throws TrainingFailedException if a rank failed; its own exception is the cause
   * @throws IllegalArgumentException if the rows cannot be trained on
   */
  public static TrainingResult run(
      Dataset<Row> data, FeatureColumns columns, LabelKind labels, TrainingPlan plan) {
    SparkContext context = data.sparkSession().sparkContext();
    Peaks peaks = Verifier.verify(plan.actions(plan.microBatches()));
    int inFlight = peaks.activations().stream().mapToInt(Integer::intValue).max().orElse(1);
    ClusterOffer offer = preflight(context, plan, NativeMemory.needed(plan, inFlight));
    String runId = "penstock-" + UUID.randomUUID();
    LOG.info(
        "Training {} stages, cut at layers {}, schedule {} with {} micro-batches ({})",
        plan.stages(),
        plan.stageStarts(),
        plan.schedule(),
        plan.microBatches(),
        runId);
    RunMonitor monitor =
        new RunMonitor(
            runId, plan.stages(), plan.epochs(), event -> context.listenerBus().post(event));
    String interrupt = context.getLocalProperty(INTERRUPT);
    // A rank that waits for a peer must hear of a cancelled job.
    context.setLocalProperty(INTERRUPT, "true");
    try (DriverEndpoint endpoint = new DriverEndpoint(runId, monitor)) {
      JavaRDD<Block> blocks = Feed.blocks(data, columns, labels, plan.seed(), plan.stages());
      RDD<RankResult> ranks =
          blocks
              .rdd()
              .barrier()
              .mapPartitions(
                  new StageTask(runId, plan, columns.width()),
                  false,
                  ClassTag$.MODULE$.apply(RankResult.class));
      wholeExecutors(offer).ifPresent(ranks::withResources);
      List<RankResult> results = Arrays.asList((RankResult[]) ranks.collect());
      return TrainingResult.of(results, monitor.completed());
    } catch (Exception thrown) {
      throw explain(thrown, monitor);
    } finally {
      context.setLocalProperty(INTERRUPT, interrupt);
    }
  }

  private static ClusterOffer preflight(SparkContext context, TrainingPlan plan, long bytes) {
    try {
      return Preflight.await(context, plan.stages(), bytes);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new PreflightException("Interrupted while waiting for executors.");
    }
  }

  /** A stage takes an executor with all its cores, also where those could run several tasks. */
  private static Optional<ResourceProfile> wholeExecutors(ClusterOffer offer) {
    if (offer.local() || offer.coresPerExecutor() <= offer.taskCpus()) {
      return Optional.empty();
    }
    return Optional.of(
        new ResourceProfileBuilder()
            .require(new TaskResourceRequests().cpus(offer.coresPerExecutor()))
            .build());
  }

  private static RuntimeException explain(Exception thrown, RunMonitor monitor) {
    Optional<RankFailure> first = monitor.firstFailure();
    if (first.isPresent()) {
      RankFailure failure = first.get();
      Throwable cause = failure.cause().orElse(thrown);
      if (cause instanceof IllegalArgumentException badInput) {
        return badInput;
      }
      TrainingFailedException explained =
          new TrainingFailedException(
              "Stage "
                  + failure.rank()
                  + " on "
                  + failure.host()
                  + " failed: "
                  + failure.text()
                  + ". See that executor's log for more.",
              cause);
      if (cause != thrown) {
        explained.addSuppressed(thrown);
      }
      return explained;
    }
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      if (cause instanceof IllegalArgumentException badInput) {
        return badInput;
      }
    }
    return thrown instanceof SparkException
        ? new TrainingFailedException(lostRank(thrown) + thrown.getMessage(), thrown)
        : thrown instanceof RuntimeException runtime
            ? runtime
            : new TrainingFailedException(thrown.getMessage(), thrown);
  }

  /** Where no peer was there, or had the time, to say which rank is gone, Spark's words tell it. */
  private static String lostRank(Exception thrown) {
    Matcher task = LOST_TASK.matcher(String.valueOf(thrown.getMessage()));
    return task.find()
        ? "Lost rank " + task.group(1) + ", its executor is gone: "
        : "Spark ended the job: ";
  }
}
