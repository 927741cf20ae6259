package io.penstock.launch;

import io.penstock.feed.Block;
import io.penstock.feed.FeatureColumns;
import io.penstock.feed.Feed;
import io.penstock.feed.LabelKind;
import io.penstock.train.RankResult;
import io.penstock.train.TrainingPlan;
import java.util.List;
import java.util.UUID;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One run, as the driver sees it: check, one barrier job, result. */
public final class TrainingJob {
  private static final Logger LOG = LoggerFactory.getLogger(TrainingJob.class);

  private TrainingJob() {}

  /**
   * Checks whether the cluster could carry a run, as {@link #run} does before it starts a job;
   * waits for executors as it does.
   *
   * @return everything that is wrong, each with what to do; empty if nothing is
   */
  public static List<String> findings(SparkContext context, TrainingPlan plan) {
    ClusterOffer offer = Preflight.settled(context, plan.ranks());
    return Preflight.complaints(offer, plan.ranks(), NativeMemory.needed(plan));
  }

  /**
   * Trains. Returns when all ranks are done.
   *
   * @param data the rows; computed once
   * @param columns which columns hold features, label and, if rows have any, weights
   * @param labels what a label must be
   * @throws PreflightException if the cluster cannot carry the run; no job was started
   * @throws TrainingFailedException if a rank failed; its own exception is the cause
   * @throws IllegalArgumentException if the rows cannot be trained on
   */
  public static TrainingResult run(
      Dataset<Row> data, FeatureColumns columns, LabelKind labels, TrainingPlan plan) {
    SparkContext context = data.sparkSession().sparkContext();
    ClusterOffer offer = Preflight.await(context, plan.ranks(), NativeMemory.needed(plan));
    String runId = "penstock-" + UUID.randomUUID();
    LOG.info(
        "Training {} stages on {} executors, cut at layers {}, schedule {} with {} micro-batches"
            + " ({})",
        plan.stages(),
        plan.ranks(),
        plan.stageStarts(),
        plan.schedule().name(),
        plan.microBatches(),
        runId);
    RunMonitor monitor =
        new RunMonitor(
            runId, plan.ranks(), plan.epochs(), event -> context.listenerBus().post(event));
    JavaRDD<Block> blocks =
        Feed.blocks(
            data, columns, labels, plan.seed(), plan.ranks(), plan.featureRank(), plan.labelRank());
    List<RankResult> results =
        new BarrierJob(context, offer, monitor)
            .run(blocks.rdd(), new StageTask(runId, plan, columns, labels), RankResult.class);
    return TrainingResult.of(results, monitor.completed());
  }
}
