package io.penstock.launch.job;

import io.penstock.conf.Settings;
import io.penstock.feed.FeatureColumns;
import io.penstock.feed.LabelKind;
import io.penstock.launch.cluster.DeviceDemand;
import io.penstock.launch.cluster.ExecutorDemand;
import io.penstock.launch.cluster.Findings;
import io.penstock.launch.cluster.GpuUse;
import io.penstock.launch.cluster.NativeMemory;
import io.penstock.launch.cluster.Placement;
import io.penstock.launch.cluster.Preflight;
import io.penstock.launch.cluster.PreflightException;
import io.penstock.launch.cluster.WeightsPlace;
import io.penstock.train.TrainingPlan;
import java.util.Optional;
import java.util.UUID;
import org.apache.spark.SparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Training job: one run, as the driver sees it, with pre-flight check, barrier job and result.
 * Stateless; any thread of the driver may call, and several may run at a time.
 */
public final class TrainingJob {
  private static final Logger LOG = LoggerFactory.getLogger(TrainingJob.class);

  private TrainingJob() {}

  /**
   * Checks whether the cluster could carry a run without validation rows and checkpoints, as {@link
   * #run} does before it starts a job; waits for executors as it does.
   *
   * @param checkpoints directory of the run's checkpoints, if it has one of its own
   * @return everything that is wrong, and the devices that the stages would compute on
   * @throws TrainingFailedException if somebody ended the wait, or executors lack a jar
   */
  public static Findings findings(
      SparkContext context, TrainingPlan plan, GpuUse gpus, Optional<String> checkpoints) {
    TrainingPlan fitted = RunOptions.NONE.fitted(context.getConf(), plan);
    return findings(context, fitted, NativeMemory.needed(fitted), gpus, checkpoints);
  }

  /**
   * Checks whether the cluster could carry a run, as {@link #run} does before it starts a job;
   * waits for executors as it does.
   *
   * @param plan as it would run
   * @param neededBytes off-heap memory that the rank that needs most takes
   * @param checkpoints directory of the run's checkpoints, if it has one of its own
   * @return everything that is wrong, and the devices that the stages would compute on
   * @throws TrainingFailedException if somebody ended the wait, or executors lack a jar
   */
  public static Findings findings(
      SparkContext context,
      TrainingPlan plan,
      long neededBytes,
      GpuUse gpus,
      Optional<String> checkpoints) {
    return JobScope.run(
        context,
        "penstock-findings-" + UUID.randomUUID(),
        () -> {
          Placement placement =
              Preflight.found(
                  context,
                  ExecutorDemand.of(plan.topology()),
                  neededBytes,
                  WeightsPlace.of(context, plan, checkpoints),
                  new DeviceDemand(gpus, plan.computePrecision()));
          return new Findings(
              placement.problems(),
              placement.summary(),
              placement.arithmetic(context, plan.ranks()));
        });
  }

  /**
   * Trains a network; returns when all ranks are done.
   *
   * @param data the rows; computed once
   * @param columns which columns hold features, label and, if rows have any, weights
   * @param labels what a label must be
   * @throws PreflightException if the cluster cannot carry the run; no job was started
   * @throws TrainingFailedException if a rank failed, was lost or cancelled; says which and why,
   *     and a rank's own exception is the cause
   * @throws IllegalArgumentException if the rows cannot be trained on
   */
  public static TrainingResult run(
      Dataset<Row> data, FeatureColumns columns, LabelKind labels, TrainingPlan plan) {
    return run(data, columns, labels, plan, RunOptions.NONE);
  }

  /**
   * Trains a network with validation rows, initial weights or checkpoints. A run that fails starts
   * again by itself: see {@link Settings#MAX_FAILURES}. Weights to begin with make no run continue
   * where an earlier one stopped: the optimizer's state and the order of the rows begin anew, so
   * two runs of one epoch each differ from one of two. Checkpoints do.
   *
   * @param wanted the plan, which runs as {@link RunOptions#fitted} has it
   */
  public static TrainingResult run(
      Dataset<Row> data,
      FeatureColumns columns,
      LabelKind labels,
      TrainingPlan wanted,
      RunOptions options) {
    options.checkFit(wanted.network());
    SparkContext context = data.sparkSession().sparkContext();
    TrainingPlan plan = options.fitted(context.getConf(), wanted);
    Settings.unknown(context.getConf()).forEach(LOG::warn);
    String runId = "penstock-" + UUID.randomUUID();
    RunEvents events = new RunEvents(context, runId, plan, options);
    try {
      FeatureColumns known = columns.withVocabulary(plan.network().vocabulary());
      return events.succeeded(
          JobScope.run(
              context,
              runId,
              () -> new TrainingRun(data, known, labels, plan, options, runId, events).result()));
    } catch (TrainingFailedException failed) {
      events.failed(failed.failure());
      throw failed.forCaller();
    } catch (Throwable thrown) {
      events.failed(RunFailure.of(thrown));
      throw thrown;
    }
  }
}
