package io.penstock.launch.job;

import io.penstock.Amount;
import io.penstock.Internal;
import io.penstock.event.RanksReady;
import io.penstock.launch.cluster.ClusterOffer;
import io.penstock.launch.cluster.DeviceDemand;
import io.penstock.launch.cluster.Placement;
import io.penstock.launch.cluster.Preflight;
import io.penstock.launch.cluster.PreflightException;
import io.penstock.launch.cluster.WeightsPlace;
import io.penstock.nn.network.Sequential;
import io.penstock.nn.update.Updater;
import io.penstock.train.LayerTime;
import io.penstock.train.LinkTime;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.rdd.RDD;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Profile job: a short barrier job that measures layers and link where a network is to be trained.
 * Stateless; any thread of the driver may call, and waits.
 */
@Internal
public final class ProfileJob {
  private static final Logger LOG = LoggerFactory.getLogger(ProfileJob.class);

  private ProfileJob() {}

  /**
   * Returns how many executors a run can have, once those that the settings tell of have come: at
   * least 1, also where there is none yet, which {@link #run} will complain of.
   *
   * @param most how many it can use
   * @throws TrainingFailedException if somebody ended the wait
   */
  public static int offered(SparkContext context, int most) {
    int wanted = Math.min(most, ClusterOffer.of(context).expected().orElse(most));
    return JobScope.run(
            context,
            "penstock-offered-" + UUID.randomUUID(),
            () -> Preflight.settled(context, Math.max(1, wanted)))
        .ranks(most);
  }

  /**
   * Measures the costs. The layers are dealt out to the ranks of each model of executor, which
   * measure all at the same time, each with the cores it will have in training; no rank holds more
   * than one layer.
   *
   * @param ranks executors that the network will be trained on
   * @param rowCounts rows of the micro-batches to measure with
   * @param devices whether it is to be measured on GPUs, and how these multiply
   * @throws PreflightException if the cluster has too few executors; no job was started
   * @throws TrainingFailedException if a rank failed, whose own exception is the cause, or somebody
   *     ended the job, or the wait before it
   */
  public static MeasuredCosts run(
      SparkContext context,
      Sequential network,
      Updater updater,
      int ranks,
      List<Integer> rowCounts,
      DeviceDemand devices) {
    String runId = "penstock-profile-" + UUID.randomUUID();
    return JobScope.run(
        context, runId, () -> run(context, network, updater, ranks, rowCounts, devices, runId));
  }

  private static MeasuredCosts run(
      SparkContext context,
      Sequential network,
      Updater updater,
      int ranks,
      List<Integer> rowCounts,
      DeviceDemand devices,
      String runId) {
    Placement placement = Preflight.await(context, ranks, 0, WeightsPlace.NONE, devices);
    RDD<Integer> none =
        new JavaSparkContext(context)
            .parallelize(IntStream.range(0, ranks).boxed().toList(), ranks)
            .rdd();
    ProfileTask task =
        new ProfileTask(
            runId, placement.device(), network.toWire(), updater.toJson(), rowCounts, ranks);
    int layers = network.layers().size();
    RunMonitor monitor =
        new RunMonitor(
            runId,
            0,
            ranks,
            0,
            EarlierAttempts.NONE,
            (ready, event) -> {
              if (event instanceof RanksReady) {
                int models = ready.models().size();
                LOG.info(
                    "Measuring {}: it may take minutes where micro-batches are large",
                    new ProfileScope(layers, rowCounts, ranks, models));
              }
            });
    long start = System.nanoTime();
    List<RankProfile> profiles;
    try {
      profiles =
          new BarrierJob(context, placement.profile(), monitor).run(none, task, RankProfile.class);
    } catch (TrainingFailedException failed) {
      throw failed.forCaller();
    }
    LOG.info(
        "Measured {} in {} s",
        new Amount(layers, "layer"),
        String.format(Locale.ROOT, "%.1f", (System.nanoTime() - start) / 1e9));
    LinkTime link = profiles.get(0).link();
    Map<String, List<LayerTime>> byModel =
        profiles.stream()
            .collect(
                Collectors.groupingBy(
                    RankProfile::model,
                    Collectors.flatMapping(
                        profile -> profile.layers().stream(), Collectors.toList())));
    byModel.values().forEach(times -> times.sort(Comparator.comparingInt(LayerTime::layer)));
    return new MeasuredCosts(
        profiles.stream()
            .map(one -> new MeasuredExecutor(one.place(), one.model(), byModel.get(one.model())))
            .toList(),
        link == null ? new LinkTime(0, Double.POSITIVE_INFINITY, 0) : link,
        placement.offer().nativeBytes());
  }
}
