package io.penstock.launch.job;

import com.codahale.metrics.MetricRegistry;
import io.penstock.Internal;
import io.penstock.array.Allocator;
import io.penstock.array.NativeHeap;
import io.penstock.checkpoint.NetworkWeights;
import io.penstock.checkpoint.RunIdentity;
import io.penstock.feed.EmptyDataException;
import io.penstock.feed.FeatureColumns;
import io.penstock.feed.LabelKind;
import io.penstock.feed.MiniBatches;
import io.penstock.feed.RankRows;
import io.penstock.feed.RowBlock;
import io.penstock.feed.RowOrder;
import io.penstock.feed.SplitStores;
import io.penstock.feed.Stores;
import io.penstock.feed.ValidationColumn;
import io.penstock.launch.JavaSerialized;
import io.penstock.launch.cluster.NativeMemory;
import io.penstock.launch.cluster.RankArithmetic;
import io.penstock.launch.cluster.RankCompute;
import io.penstock.launch.cluster.RankDevice;
import io.penstock.launch.job.Pulse.Phase;
import io.penstock.launch.plugin.ExecutorMetrics;
import io.penstock.launch.plugin.RankMetrics;
import io.penstock.link.Channel;
import io.penstock.link.FramePlan;
import io.penstock.link.Link;
import io.penstock.link.Tag;
import io.penstock.nn.Parameters;
import io.penstock.nn.network.Sequential;
import io.penstock.train.FrameList;
import io.penstock.train.InitialState;
import io.penstock.train.InitialWeights;
import io.penstock.train.Progress;
import io.penstock.train.RankResult;
import io.penstock.train.RankRunner;
import io.penstock.train.Topology;
import io.penstock.train.TrainedLayers;
import io.penstock.train.TrainingPlan;
import java.io.File;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import org.apache.spark.BarrierTaskContext;
import org.apache.spark.SerializableWritable;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkEnv;
import org.apache.spark.broadcast.Broadcast;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Training task of one rank: takes in its rows, meets its peers, trains, and returns or writes its
 * weights. For the task's thread.
 */
@Internal
public final class TrainingTask extends RankTask<RowBlock, RankResult> {
  private static final Logger LOG = LoggerFactory.getLogger(TrainingTask.class);
  private static final long serialVersionUID = 1L;

  private final TrainingPlan plan;
  private final FeatureColumns columns;
  private final LabelKind labels;

  /** Validation column; null if all rows are trained on. */
  private final ValidationColumn validation;

  /** Weights to begin with; null for those drawn from the seed. */
  private final Broadcast<SerializableWritable<JavaSerialized<NetworkWeights>>> initial;

  /** Checkpoint that the run goes on from; null to begin with {@link #initial}. */
  private final RunStart start;

  /** Order to write checkpoints; null if the run leaves none. */
  private final CheckpointTask checkpoints;

  /** Order to write the weights in the end; null if they come with the result. */
  private final WeightsTask weights;

  TrainingTask(
      String runId,
      int attempt,
      RankDevice device,
      TrainingPlan plan,
      FeatureColumns columns,
      LabelKind labels,
      ValidationColumn validation,
      Broadcast<SerializableWritable<JavaSerialized<NetworkWeights>>> initial,
      RunStart start,
      CheckpointTask checkpoints,
      WeightsTask weights) {
    super(runId, attempt, device);
    this.plan = plan;
    this.columns = columns;
    this.labels = labels;
    this.validation = validation;
    this.initial = initial;
    this.start = start;
    this.checkpoints = checkpoints;
    this.weights = weights;
  }

  @Override
  FramePlan framesFor(int rank) {
    return FrameList.forRank(rank, plan);
  }

  @Override
  RankResult work(
      BarrierTaskContext context,
      Iterator<RowBlock> blocks,
      Link link,
      DriverEndpoint.Remote driver,
      RankCompute compute,
      RankActivity activity)
      throws InterruptedException {
    RankArithmetic arithmetic = compute.arithmetic();
    if (weights != null) {
      weights.check(context.partitionId());
    }
    activity.enter(Phase.TAKING_ROWS);
    SparkConf conf = SparkEnv.get().conf();
    // Not Utils.getLocalDir: Spark 4.1 gave it another parameter, so the jar would not link there.
    File[] disks = SparkEnv.get().blockManager().diskBlockManager().localDirs();
    Path directory = disks[context.partitionId() % disks.length].toPath();
    try (SplitStores stores =
        SplitStores.build(blocks, columns, labels, rowBytes(conf), directory)) {
      int rank = context.partitionId();
      // In Spark's own words, so that its UI and listeners show it.
      context.taskMetrics().incDiskBytesSpilled(stores.fileBytes());
      // One rank knows the rows, all must.
      RunIdentity.Rows own =
          new RunIdentity.Rows(
              rows(stores.training()),
              rows(stores.validation()),
              stores.training().key() + 31 * stores.validation().key());
      activity.enter(Phase.MEETING);
      List<Rendezvous.Arrival> met = meet(context, link, driver, own, arithmetic);
      RunIdentity.Rows told = met.get(plan.labelRank()).rows();
      long rows = told.training();
      long validationRows = told.validation();
      checkRows(rows, validationRows);
      if (start != null) {
        start.check(told);
      }
      connect(link, rank, met);
      Sequential network = plan.network();
      RankRows training =
          rankRows(
              rank, stores.training(), rows, MiniBatches.leastRows(network), true, link::blank);
      Optional<RankRows> validating =
          Optional.ofNullable(validation)
              .map(
                  on -> rankRows(rank, stores.validation(), validationRows, 1, false, link::blank));
      checkLabels(training, network, link, "to train on");
      validating.ifPresent(held -> checkLabels(held, network, link, "for validation"));
      driver.ask(RankReady.of(context, told, arithmetic));
      InitialState begun = start == null ? beginning() : start.open();
      RankRunner runner =
          new RankRunner(
              rank,
              plan,
              network,
              link,
              training,
              validating,
              begun,
              directory,
              compute.device(),
              unwanted(context));
      runner
          .hostWork()
          .words(compute.device())
          .ifPresent(words -> LOG.warn("Rank {}: {}", rank, words));
      MetricRegistry registry =
          ExecutorMetrics.here().map(ExecutorMetrics::registry).orElseGet(MetricRegistry::new);
      try (RankMetrics metrics =
              new RankMetrics(registry, runId(), rank, plan, runner.meter(), link);
          CheckpointWriter writer = writer(context, driver)) {
        Progress progress = progress(driver, writer, begun.run().step(), metrics, activity);
        activity.run(runner.position(), tag -> sender(rank, tag));
        RankResult result =
            runner.run(new WatchedProgress(progress, activity), layers -> give(layers, activity));
        if (writer != null) {
          activity.enter(Phase.GIVING_WEIGHTS);
          writer.await();
        }
        return result;
      }
    }
  }

  private InitialState beginning() {
    return initial == null
        ? InitialState.BORN
        : new InitialWeights(initial.value().value().value());
  }

  private Map<Integer, float[]> give(SortedMap<Integer, Parameters> layers, RankActivity activity) {
    activity.enter(Phase.GIVING_WEIGHTS);
    return (weights == null ? TrainedLayers.RETURNED : weights).take(layers);
  }

  private CheckpointWriter writer(BarrierTaskContext context, DriverEndpoint.Remote driver) {
    int rank = context.partitionId();
    return checkpoints == null
        ? null
        : new CheckpointWriter(
            checkpoints,
            rank,
            rank == plan.featureRank(),
            rank == plan.labelRank(),
            driver,
            unwanted(context));
  }

  private RankProgress progress(
      DriverEndpoint.Remote driver,
      CheckpointWriter writer,
      int step,
      RankMetrics metrics,
      RankActivity activity) {
    if (writer == null) {
      return new RankProgress(driver, Optional.empty(), null, metrics);
    }
    CheckpointClock due =
        new CheckpointClock(
            checkpoints.rhythm(), step, activity::checkpointWanted, System::nanoTime);
    return new RankProgress(driver, Optional.of(writer), due, metrics);
  }

  /** Returns the rank that sends a frame to one: what goes from stage to stage, neighbours send. */
  private int sender(int rank, Tag tag) {
    Topology topology = plan.topology();
    int behind =
        tag.channel() instanceof Channel.Activation
            ? -1
            : tag.channel() instanceof Channel.Gradient ? 1 : 0;
    int stage = tag.channel().index() + behind;
    return behind == 0 || stage < 0 || stage >= plan.stages()
        ? RankActivity.UNKNOWN
        : topology.rankOf(topology.replicaOf(rank), stage);
  }

  /** Counts what this rank needs besides rows, and returns what is left for these. */
  private long rowBytes(SparkConf conf) {
    long needed = NativeMemory.needed(plan, validation != null, checkpoints != null);
    NativeHeap.plan(needed);
    return NativeMemory.forRows(conf, needed);
  }

  private static long rows(Stores stores) {
    return Math.max(stores.features().rows(), stores.labels().rows());
  }

  private void checkRows(long rows, long validationRows) {
    if (rows + validationRows == 0) {
      throw new EmptyDataException();
    }
    if (rows == 0) {
      throw EmptyDataException.nothingToTrainOn(validation);
    }
    if (validation != null && validationRows == 0) {
      throw EmptyDataException.nothingToValidateOn(validation);
    }
  }

  private void checkLabels(RankRows rows, Sequential network, Link link, String use) {
    if (!rows.anyCounts(network, link::release)) {
      throw EmptyDataException.uncounted(columns, labels, use);
    }
  }

  /**
   * @param leastRows of a micro-batch
   * @param shuffled whether every epoch has an order of its own
   * @param memory of the arrays that are read into, which go back to the link
   */
  private RankRows rankRows(
      int rank, Stores stores, long rows, int leastRows, boolean shuffled, Allocator memory) {
    return RankRows.of(
        stores,
        plan.topology().isFirst(rank),
        plan.rowEnds().takers(RowBlock.Part.LABELS).contains(rank),
        new MiniBatches(rows, plan.batchSize(), plan.microBatches(), leastRows),
        new RowOrder(plan.seed(), shuffled),
        memory);
  }
}
