package io.penstock.train;

import io.penstock.balance.Cut;
import io.penstock.feed.MiniBatches;
import io.penstock.link.Link;
import io.penstock.link.Tag;
import io.penstock.nn.ArrayPool;
import io.penstock.nn.Parameters;
import io.penstock.nn.Sequential;
import io.penstock.nn.Skip;
import io.penstock.nn.Updater;
import io.penstock.schedule.Action;
import io.penstock.schedule.Kind;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * One rank at work: walks the verified list of actions of every step. It knows no schedule by name,
 * only actions. Not thread-safe: {@link #run} is called once, by the task's thread.
 */
public final class RankRunner {
  private final int rank;
  private final TrainingPlan plan;
  private final Sequential network;
  private final Link link;
  private final Batches features;
  private final MiniBatches miniBatches;
  private final BooleanSupplier cancelled;
  private final WallClock clock = new WallClock();
  private final Map<Integer, Stage> stages = new TreeMap<>();
  private final Exchange exchange;
  private final SkipExchange skips;
  private final TiedExchange ties;
  private final Optional<GradientNorm> norm;
  private final boolean training;
  private final Pace pace;

  private final ArrayPool pool;

  private final NetworkEnd end;
  private final long[] stepStarts;
  private final long[] stepEnds;
  private final ActionTimes times = new ActionTimes();
  private long busyNanos;
  private int peakActivations;

  /**
   * A rank about to start.
   *
   * @param network the plan's network
   * @param features the rows' features; only the rank with the first stage has them, else null
   * @param labels the rows' labels; only the rank with the last stage has them, else null
   * @param miniBatches how many steps an epoch has and how their rows are divided
   * @param cancelled asked while waiting; true ends the run with an InterruptedException
   */
  public RankRunner(
      int rank,
      TrainingPlan plan,
      Sequential network,
      Link link,
      Batches features,
      Batches labels,
      MiniBatches miniBatches,
      BooleanSupplier cancelled) {
    this.rank = rank;
    this.plan = plan;
    this.network = network;
    this.link = link;
    this.pool = new ArrayPool(link::release);
    this.features = features;
    this.end = new NetworkEnd(network, labels, pool);
    this.miniBatches = miniBatches;
    this.cancelled = cancelled;
    int steps = Math.multiplyExact(plan.epochs(), miniBatches.steps());
    this.stepStarts = new long[steps];
    this.stepEnds = new long[steps];
    this.training = !plan.schedule().isForwardOnly();
    this.pace = new Pace(plan, rank, steps, link);
    this.exchange = new Exchange(rank, plan, link, cancelled);
    Cut cut = new Cut(plan.stageStarts(), network.layers().size());
    Updater updater = Updater.fromJson(plan.updaterJson()).over(steps);
    for (int stage = 0; stage < plan.stages(); stage++) {
      if (exchange.isHere(stage)) {
        int first = cut.first(stage);
        int after = cut.end(stage);
        StageWeights weights = new StageWeights(network, first, after, updater, plan.seed());
        stages.put(stage, new Stage(network, first, after, weights, plan.seed(), training, pool));
      }
    }
    this.skips = new SkipExchange(exchange, cut, network.skips());
    this.ties = new TiedExchange(exchange, cut, network, stages);
    int layers = network.layers().size();
    this.norm =
        updater.clipNorm().stream()
            .mapToObj(most -> new GradientNorm(exchange, rank, plan.ranks(), layers, most))
            .findFirst();
  }

  /**
   * Trains all epochs; with a schedule that is forward only, takes the rows through the network as
   * it is.
   *
   * @return what this rank ends with: its layers' weights and its measurements
   * @throws InterruptedException if the task was cancelled while it waited
   * @throws io.penstock.link.LinkException if a peer was lost
   */
  public RankResult run(Progress progress) throws InterruptedException {
    int step = 0;
    Map<Integer, Walk> walks = new HashMap<>();
    for (int epoch = 0; epoch < plan.epochs(); epoch++) {
      if (features != null) {
        features.startEpoch(epoch);
      }
      end.startEpoch(epoch);
      long start = clock.nanos();
      busyNanos = 0;
      for (int s = 0; s < miniBatches.steps(); s++, step++) {
        Walk walk =
            walks.computeIfAbsent(
                miniBatches.microBatchesOf(s), count -> Walk.of(plan.actions(count), rank));
        pace.begin(step, cancelled);
        runStep(walk, step, s, miniBatches.rowsOf(s), epoch);
        pace.end(step);
      }
      progress.epochDone(
          new EpochReport(
              rank,
              epoch,
              miniBatches.rows(),
              end.tally().epochScore(),
              end.tally().epochWeight(),
              busyNanos,
              clock.nanos() - start));
    }
    return result();
  }

  private void runStep(Walk walk, int step, int stepOfEpoch, int rows, int epoch)
      throws InterruptedException {
    times.clear();
    end.startStep(stepOfEpoch, walk.microBatches(), rows);
    if (training && step > 0) {
      ties.takeWeights(step - 1);
    }
    for (Action action : walk.actions()) {
      if (cancelled.getAsBoolean()) {
        throw new InterruptedException("The task was cancelled before " + action);
      }
      long ready = clock.nanos();
      int stage = action.stage();
      int microBatch = action.microBatch();
      long start = ready;
      switch (action.kind()) {
        case RECV_F -> exchange.post(new Tag('F', stage, step, microBatch));
        case RECV_B -> exchange.post(new Tag('B', stage, step, microBatch));
        case SEND_F -> exchange.send(new Tag('F', stage + 1, step, microBatch));
        case SEND_B -> exchange.send(new Tag('B', stage - 1, step, microBatch));
        case F -> {
          INDArray input =
              stage == 0
                  ? features.microBatch(stepOfEpoch, microBatch)
                  : exchange.take(new Tag('F', stage, step, microBatch));
          Map<Skip, INDArray> saved = skips.takeSaved(stage, step, microBatch);
          start = clock.nanos();
          INDArray output = stages.get(stage).forward(step, microBatch, input, saved);
          peakActivations = Math.max(peakActivations, held());
          skips.giveSaved(stages.get(stage), stage, step, microBatch);
          if (!isLast(stage)) {
            exchange.put(new Tag('F', stage + 1, step, microBatch), exchange.copy(output));
          } else if (!training) {
            end.infer(microBatch, output);
          }
          if (!training) {
            stages.get(stage).forget(microBatch);
          } else if (walk.again().contains(action)) {
            stages.get(stage).drop(microBatch);
          }
        }
        case R -> stages.get(stage).recompute(microBatch);
        case B, I -> {
          INDArray gradient =
              isLast(stage) ? null : exchange.take(new Tag('B', stage, step, microBatch));
          Map<Skip, INDArray> saved = skips.takeGradients(stage, step, microBatch);
          start = clock.nanos();
          if (gradient == null) {
            INDArray output = stages.get(stage).output(microBatch);
            gradient = exchange.like(output);
            end.gradient(microBatch, output, gradient);
          }
          INDArray inputGradient = stages.get(stage).inputGradient(microBatch, gradient, saved);
          skips.giveGradients(stages.get(stage), stage, step, microBatch);
          if (stage > 0) {
            exchange.put(new Tag('B', stage - 1, step, microBatch), inputGradient);
          }
          if (action.kind() == Kind.B) {
            stages.get(stage).weightGradient(microBatch);
          }
        }
        case W -> stages.get(stage).weightGradient(microBatch);
      }
      if (action.kind().isCompute()) {
        settle();
        long done = clock.nanos();
        busyNanos += done - start;
        times.add(action, ready, start, done);
      }
    }
    long start = clock.nanos();
    if (training) {
      update(step, epoch);
    }
    settle();
    busyNanos += clock.nanos() - start;
    stepStarts[step] = times.firstStart();
    stepEnds[step] = times.lastEnd();
    if (stages.containsKey(plan.stages() - 1)) {
      end.tally().endStep();
    }
  }

  private void update(int step, int epoch) throws InterruptedException {
    stages.values().forEach(Stage::endMiniBatch);
    ties.sumGradients(step);
    if (norm.isPresent()) {
      Map<Integer, Parameters> gradients = new TreeMap<>();
      stages.values().forEach(stage -> gradients.putAll(stage.weights().ownGradients()));
      norm.get().clip(gradients, step);
    }
    for (Stage stage : stages.values()) {
      stage.weights().update(step, epoch);
      stage.weights().clearGradients();
    }
    if (step + 1 < stepStarts.length) {
      ties.giveWeights(step);
    }
  }

  private int held() {
    int held = 0;
    for (Stage stage : stages.values()) {
      held += stage.held();
    }
    return held;
  }

  /** On a device whose kernels run asynchronously, an action is done when they are. */
  private static void settle() {
    Nd4j.getExecutioner().commit();
  }

  private boolean isLast(int stage) {
    return stage == plan.stages() - 1;
  }

  private RankResult result() {
    Map<Integer, float[]> weights = new TreeMap<>();
    stages.values().forEach(stage -> weights.putAll(stage.weights().values()));
    pool.clear();
    return new RankResult(
        rank,
        ProcessHandle.current().pid(),
        weights,
        end.tally().steps(),
        stepStarts,
        stepEnds,
        times.list(),
        peakActivations,
        link.stats(),
        end.outputs());
  }
}
