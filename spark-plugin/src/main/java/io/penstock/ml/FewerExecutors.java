package io.penstock.ml;

import io.penstock.balance.CutSchedule;
import io.penstock.balance.RecomputePolicy;
import io.penstock.conf.Settings;
import io.penstock.feed.MiniBatches;
import io.penstock.launch.cluster.NativeMemory;
import io.penstock.launch.job.ElasticPlan;
import io.penstock.launch.job.RunOptions;
import io.penstock.nn.network.Sequential;
import io.penstock.nn.update.Updater;
import io.penstock.schedule.Schedule;
import io.penstock.schedule.ScheduleRequest;
import io.penstock.schedule.WeightGradientOrder;
import io.penstock.schedule.generate.Schedules;
import io.penstock.train.Replication;
import io.penstock.train.Retention;
import io.penstock.train.TrainingPlan;
import java.util.Optional;
import org.apache.spark.SparkContext;

/**
 * Plans of a fit for fewer executors than it was begun with: the same schedule of as many
 * micro-batches, and the best cut by estimated costs. Where there are executors for it, as many
 * replicas as before are left, with fewer stages; else there is one, which sums gradients in as
 * many groups.
 *
 * @param plan of all executors
 * @param network of the plan
 * @param virtualStages stages on each executor, which recomputation may have divided
 * @param recomputation of activations
 * @param offload whether what is kept for it goes to disk
 * @param memoryBytes off-heap memory that an executor may use
 */
record FewerExecutors(
    TrainingPlan plan,
    Sequential network,
    int virtualStages,
    RecomputePolicy recomputation,
    boolean offload,
    long memoryBytes)
    implements ElasticPlan {
  /** Returns a fit's options with such plans, where the application is elastic. */
  static RunOptions in(
      SparkContext context,
      PipelineParallelEstimator<?> params,
      TrainingPlan plan,
      int virtualStages,
      RunOptions options) {
    return Settings.ELASTIC.in(context.getConf())
        ? options.withElastic(
            new FewerExecutors(
                plan,
                plan.network(),
                virtualStages,
                params.resolveRecompute(),
                params.getOffload(),
                NativeMemory.available(context.getConf())))
        : options;
  }

  @Override
  public TrainingPlan on(int executors) {
    Replication before = plan.replication();
    Replication one = Replication.groups(before.gradientGroups());
    if (before.replicas() == 1 || executors < before.replicas()) {
      return on(executors, one);
    }
    try {
      return on(executors, before);
    } catch (IllegalArgumentException tooFewStages) {
      return on(executors, one); // on as many stages as there are executors, it may fit
    }
  }

  private TrainingPlan on(int executors, Replication replicas) {
    ScheduleRequest request =
        ScheduleRequest.of(
            plan.schedule().generatedName(),
            executors / replicas.replicas(),
            plan.microBatches() / replicas.replicas());
    Schedule stages =
        WeightGradientOrder.order(
            Schedules.generate(
                virtualStages > 1 ? request.withVirtualStages(virtualStages) : request));
    int rows = MiniBatches.mostRows(network, plan.batchSize(), plan.microBatches());
    Updater updater = Updater.fromJson(plan.updaterJson());
    boolean mayLetGradientsGo =
        Retention.mayLetGradientsGo(network, stages, updater, plan.badNumbers(), replicas);
    CutSchedule fewer =
        new MemoryCut(
                network,
                rows,
                updater,
                recomputation,
                offload,
                stages,
                replicas.shardsOptimizer() ? replicas.replicas() : 1,
                mayLetGradientsGo)
            .within(Optional.empty(), memoryBytes);
    return plan.recut(
        fewer.cut().starts(), TrainingPlan.lowerAndVerify(fewer.schedule()), replicas);
  }
}
