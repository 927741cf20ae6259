package io.penstock.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.penstock.balance.Cut;
import io.penstock.balance.LayerCosts;
import io.penstock.balance.Partitioner;
import io.penstock.compute.ComputeDevice;
import io.penstock.compute.TestDevice;
import io.penstock.feed.Batches;
import io.penstock.feed.MiniBatches;
import io.penstock.feed.RankRows;
import io.penstock.link.Address;
import io.penstock.link.Link;
import io.penstock.link.LinkConfig;
import io.penstock.link.LinkException;
import io.penstock.link.Links;
import io.penstock.nn.SampleWeights;
import io.penstock.nn.network.Sequential;
import io.penstock.nn.update.Updater;
import io.penstock.schedule.Recomputation;
import io.penstock.schedule.Schedule;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BooleanSupplier;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** A whole pipeline as threads of the test: real ranks and real links, but no Spark. */
record LocalPipeline(
    Sequential network,
    INDArray features,
    INDArray labels,
    float[] rowWeights,
    LinkConfig links,
    IntFunction<ComputeDevice> devices) {

  /** Rows whose weights are given. */
  LocalPipeline(Sequential network, INDArray features, INDArray labels, float[] rowWeights) {
    this(network, features, labels, rowWeights, LinkConfig.on("127.0.0.1"), everywhere());
  }

  private static IntFunction<ComputeDevice> everywhere() {
    ComputeDevice usual = TestDevice.usual();
    return rank -> usual;
  }

  /** Rows that all count once. */
  LocalPipeline(Sequential network, INDArray features, INDArray labels) {
    this(network, features, labels, null);
  }

  /** Random rows of numbers with a class each. */
  static LocalPipeline ofClasses(Sequential network, int rows, int width, int classes, long seed) {
    Random random = new Random(seed);
    float[] features = new float[rows * width];
    float[] labels = new float[rows];
    for (int i = 0; i < features.length; i++) {
      features[i] = (float) random.nextGaussian();
    }
    for (int i = 0; i < rows; i++) {
      labels[i] = random.nextInt(classes);
    }
    INDArray x = Nd4j.create(features, new long[] {rows, width}, 'c');
    return new LocalPipeline(network, x, Nd4j.create(labels, new long[] {rows, 1}, 'c'));
  }

  /** The same, with frames that go from rank to rank through sockets as between processes. */
  LocalPipeline overSockets() {
    return new LocalPipeline(network, features, labels, rowWeights, links.overNetwork(), devices);
  }

  /** The same, with stages that compute on this device. */
  LocalPipeline on(ComputeDevice other) {
    return on(rank -> other);
  }

  /** The same, with stages that compute on the device of their rank. */
  LocalPipeline on(IntFunction<ComputeDevice> others) {
    return new LocalPipeline(network, features, labels, rowWeights, links, others);
  }

  List<RankResult> train(Schedule schedule, int batchSize, int epochs, Updater updater)
      throws Exception {
    return train(schedule, Recomputation.NEVER, batchSize, epochs, updater);
  }

  List<RankResult> train(
      Schedule schedule, Recomputation recomputation, int batchSize, int epochs, Updater updater)
      throws Exception {
    List<Integer> starts =
        Partitioner.partition(LayerCosts.flops(network), schedule.stages()).starts();
    return train(schedule, recomputation, starts, batchSize, epochs, updater);
  }

  /** The same with stages that begin at given layers; the network need not have any text form. */
  List<RankResult> train(
      Schedule schedule,
      Recomputation recomputation,
      List<Integer> stageStarts,
      int batchSize,
      int epochs,
      Updater updater)
      throws Exception {
    return run(
        new TrainingPlan(
            "",
            updater.toJson(),
            stageStarts,
            TrainingPlan.lowerAndVerify(schedule, recomputation),
            batchSize,
            epochs,
            7));
  }

  List<RankResult> run(TrainingPlan plan) throws Exception {
    return run(plan, Optional.empty(), InitialState.BORN, report -> {});
  }

  /** The same with validation rows; reports come from all ranks' threads. */
  List<RankResult> run(
      TrainingPlan plan,
      Optional<LocalPipeline> validation,
      InitialState initial,
      Progress progress)
      throws Exception {
    return run(plan, validation, initial, progress, () -> false);
  }

  /** The same until the ranks, which ask all the time, are told that they are to end. */
  List<RankResult> run(
      TrainingPlan plan,
      Optional<LocalPipeline> validation,
      InitialState initial,
      Progress progress,
      BooleanSupplier cancelled)
      throws Exception {
    int ranks = plan.ranks();
    List<Link> open =
        IntStream.range(0, ranks)
            .mapToObj(
                r ->
                    Links.open(
                        links.with(FrameList.of(r, plan, network).plan()),
                        devices.apply(r).memory()))
            .toList(); // as on executors
    List<Address> addresses = open.stream().map(Link::address).toList();
    ExecutorService threads = Executors.newFixedThreadPool(ranks);
    try {
      List<Future<RankResult>> running = new ArrayList<>();
      for (int rank = 0; rank < ranks; rank++) {
        int own = rank;
        running.add(
            threads.submit(
                () -> {
                  try {
                    open.get(own).connect(own, addresses);
                    RankRunner runner =
                        new RankRunner(
                            own,
                            plan,
                            network,
                            open.get(own),
                            rows(own, plan),
                            validation.map(rows -> rows.rows(own, plan)),
                            initial,
                            Path.of(System.getProperty("java.io.tmpdir")),
                            devices.apply(own),
                            () ->
                                cancelled.getAsBoolean() || Thread.currentThread().isInterrupted());
                    return runner.run(progress, TrainedLayers.RETURNED);
                  } catch (Throwable failure) {
                    // As a task does: its peers wait for what will not come.
                    open.get(own).fail(failure);
                    open.get(own).close();
                    throw failure;
                  }
                }));
      }
      List<RankResult> results = new ArrayList<>();
      ExecutionException failed = null;
      for (Future<RankResult> one : running) {
        try {
          results.add(one.get());
        } catch (ExecutionException cause) {
          boolean first = failed == null || failed.getCause() instanceof LinkException;
          ExecutionException other = first ? failed : cause;
          failed = first ? cause : failed;
          if (other != null) {
            failed.addSuppressed(other);
          }
        }
      }
      if (failed != null) {
        throw failed;
      }
      return results;
    } finally {
      threads.shutdownNow();
      open.forEach(Link::close);
    }
  }

  RankRows rows(int rank, TrainingPlan plan) {
    MiniBatches miniBatches =
        new MiniBatches(
            features.size(0),
            plan.batchSize(),
            plan.microBatches(),
            MiniBatches.leastRows(network));
    return new RankRows(
        plan.topology().isFirst(rank) ? inOrder(features, null, miniBatches) : null,
        labelled(rank, plan) ? inOrder(labels, rowWeights, miniBatches) : null,
        miniBatches);
  }

  /** By the network here: that of a plan need not have any text form. */
  private boolean labelled(int rank, TrainingPlan plan) {
    Cut cut = new Cut(plan.stageStarts(), network.layers().size());
    return TrainingPlan.labelledStages(network, cut).stream()
        .anyMatch(stage -> plan.topology().holds(rank, stage));
  }

  private static Batches inOrder(INDArray rows, float[] weights, MiniBatches miniBatches) {
    return new Batches() {
      @Override
      public void startEpoch(int epoch) {}

      @Override
      public INDArray microBatch(int step, int microBatch) {
        var range = miniBatches.microBatch(step, microBatch);
        return rows.get(
                NDArrayIndex.interval(range.start(), range.start() + range.rows()),
                NDArrayIndex.all())
            .dup('c');
      }

      @Override
      public boolean weighted() {
        return weights != null;
      }

      @Override
      public SampleWeights weights(int step, int microBatch) {
        var range = miniBatches.microBatch(step, microBatch);
        int start = (int) range.start();
        return weights == null
            ? SampleWeights.ONE
            : SampleWeights.of(Arrays.copyOfRange(weights, start, start + range.rows()));
      }
    };
  }

  /** The loss of every step, as the rank of the last stage tells it. */
  static double[] losses(List<RankResult> ranks) {
    return ranks.stream()
        .map(RankResult::stepLosses)
        .filter(losses -> losses.length > 0)
        .findFirst()
        .orElseThrow();
  }

  /** What all ranks have learnt, by layer. */
  static Map<Integer, float[]> weights(List<RankResult> ranks) {
    Map<Integer, float[]> weights = new TreeMap<>();
    ranks.forEach(rank -> weights.putAll(rank.weights()));
    return weights;
  }

  /** Every layer has learnt the same, bit for bit. */
  static void assertSameWeights(List<RankResult> expected, List<RankResult> actual, String what) {
    Map<Integer, float[]> all = weights(actual);
    assertEquals(weights(expected).keySet(), all.keySet(), what);
    weights(expected)
        .forEach(
            (layer, values) ->
                assertArrayEquals(values, all.get(layer), 0f, what + ": layer " + layer));
  }
}
