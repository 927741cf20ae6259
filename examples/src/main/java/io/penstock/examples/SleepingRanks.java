package io.penstock.examples;

import io.penstock.balance.Cut;
import io.penstock.balance.LayerCost;
import io.penstock.feed.Batches;
import io.penstock.feed.MiniBatches;
import io.penstock.link.Address;
import io.penstock.link.Link;
import io.penstock.link.LinkConfig;
import io.penstock.link.Links;
import io.penstock.nn.loss.Losses;
import io.penstock.nn.network.NetworkBuilder;
import io.penstock.nn.network.Sequential;
import io.penstock.nn.update.Updater;
import io.penstock.schedule.Schedule;
import io.penstock.train.RankResult;
import io.penstock.train.RankRunner;
import io.penstock.train.Replication;
import io.penstock.train.TrainedLayers;
import io.penstock.train.TrainingPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Ranks that are threads, on layers that only sleep, with real links and the code that trains: any
 * number of them are at work at once on a machine of few cores. Immutable.
 *
 * @param layers what each layer takes of a micro-batch, in seconds
 * @param cut of these layers
 * @param schedule of the stages, lowered and verified
 * @param replicas of all ranks, on threads of their own
 * @param latencyMillis by which a frame takes longer
 * @param steps that are measured
 */
public record SleepingRanks(
    List<LayerCost> layers,
    Cut cut,
    Schedule schedule,
    int replicas,
    double latencyMillis,
    int steps) {
  private static final double NANOS_PER_MILLI = 1e6;
  private static final double NANOS_PER_SECOND = 1e9;

  /** Steps that are not counted: classes are loaded in them. */
  private static final int WARM_UP = 2;

  /** Copies the list. */
  public SleepingRanks {
    layers = List.copyOf(layers);
  }

  /** Runs all steps. */
  public Steps run() throws Exception {
    Sequential network = network();
    TrainingPlan plan =
        new TrainingPlan(
                "",
                Updater.sgd(0.1).toJson(),
                starts(),
                schedule,
                replicas * schedule.microBatches(),
                WARM_UP + steps,
                1)
            .withReplication(Replication.of(replicas));
    List<Link> links = new ArrayList<>();
    ExecutorService threads = Executors.newFixedThreadPool(plan.ranks());
    try {
      for (int rank = 0; rank < plan.ranks(); rank++) {
        Link link = Links.open(LinkConfig.on("127.0.0.1"));
        links.add(new SlowLink(link, (long) (latencyMillis * NANOS_PER_MILLI)));
      }
      List<Address> addresses = links.stream().map(Link::address).toList();
      List<Future<RankResult>> running = new ArrayList<>();
      for (int rank = 0; rank < plan.ranks(); rank++) {
        int own = rank;
        running.add(
            threads.submit(
                () -> {
                  links.get(own).connect(own, addresses);
                  return rank(own, plan, network, links.get(own));
                }));
      }
      List<RankResult> results = new ArrayList<>();
      for (Future<RankResult> one : running) {
        results.add(one.get());
      }
      return new Steps(results, schedule.ranks().size());
    } catch (ExecutionException failed) {
      throw new IllegalStateException(failed.getCause());
    } finally {
      threads.shutdownNow();
      links.forEach(Link::close);
    }
  }

  /** One layer before all others that takes no time: a network's first has no input gradient. */
  private Sequential network() {
    NetworkBuilder network = Sequential.input(1).flatten();
    for (LayerCost layer : layers) {
      network.layer(
          new SleepLayer(
              nanos(layer.forward()), nanos(layer.inputGradient()), nanos(layer.weightGradient())));
    }
    return network.loss(Losses.squaredError()).build();
  }

  private static long nanos(double seconds) {
    return Math.round(NANOS_PER_SECOND * seconds);
  }

  private List<Integer> starts() {
    return cut.starts().stream().map(start -> start == 0 ? 0 : start + 1).toList();
  }

  private RankResult rank(int rank, TrainingPlan plan, Sequential network, Link link)
      throws InterruptedException {
    int all = plan.microBatches();
    MiniBatches miniBatches = new MiniBatches(all, all, all);
    RankRunner runner =
        new RankRunner(
            rank,
            plan,
            network,
            link,
            plan.topology().isFirst(rank) ? ones() : null,
            plan.topology().isLast(rank) ? ones() : null,
            miniBatches,
            () -> false);
    return runner.run(report -> {}, TrainedLayers.RETURNED);
  }

  private static Batches ones() {
    return new Batches() {
      @Override
      public void startEpoch(int epoch) {}

      @Override
      public INDArray microBatch(int step, int microBatch) {
        return Nd4j.ones(1, 1);
      }
    };
  }

  /**
   * Steps that were run.
   *
   * @param results by rank
   * @param pipelineRanks of a replica
   */
  public record Steps(List<RankResult> results, int pipelineRanks) {
    /** Returns the median milliseconds of a step, from its first action to its last. */
    public double medianMillis() {
      long[] nanos =
          IntStream.range(WARM_UP, results.get(0).stepStarts().length)
              .mapToLong(step -> end(step) - start(step))
              .sorted()
              .toArray();
      return nanos[nanos.length / 2] / NANOS_PER_MILLI;
    }

    /** Returns the mean milliseconds from step to step, on the rank that starts first. */
    public double inARowMillis() {
      long[] starts = results.get(0).stepStarts();
      int last = starts.length - 1;
      return (starts[last] - starts[WARM_UP]) / NANOS_PER_MILLI / Math.max(1, last - WARM_UP);
    }

    /** Returns the most activations that each rank of a replica held. */
    public List<Integer> peakActivations() {
      return results.stream().limit(pipelineRanks).map(RankResult::peakActivations).toList();
    }

    private long start(int step) {
      return times(step, true).min().orElseThrow();
    }

    private long end(int step) {
      return times(step, false).max().orElseThrow();
    }

    private LongStream times(int step, boolean starts) {
      return results.stream()
          .mapToLong(result -> (starts ? result.stepStarts() : result.stepEnds())[step]);
    }
  }
}
