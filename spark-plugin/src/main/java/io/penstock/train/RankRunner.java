package io.penstock.train;

import io.penstock.balance.Cut;
import io.penstock.feed.MiniBatches;
import io.penstock.link.Link;
import io.penstock.link.Tag;
import io.penstock.nn.ArrayPool;
import io.penstock.nn.Blank;
import io.penstock.nn.Loss;
import io.penstock.nn.Memory;
import io.penstock.nn.Sequential;
import io.penstock.nn.Updater;
import io.penstock.schedule.Action;
import io.penstock.schedule.Kind;
import io.penstock.schedule.Schedule;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
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
  private final Batches labels;
  private final MiniBatches miniBatches;
  private final BooleanSupplier cancelled;
  private final WallClock clock = new WallClock();
  private final Map<Integer, Stage> stages = new TreeMap<>();
  private final int[] rankOfStage;
  private final boolean training;
  private final Pace pace;

  /** What this rank made and still has: inputs of its next actions, or frames to send. */
  private final Map<Tag, INDArray> made = new HashMap<>();

  private final ArrayPool pool;

  private final Map<Integer, INDArray> outputs = new HashMap<>();
  private final LossTally tally;
  private final long[] stepStarts;
  private final long[] stepEnds;
  private final ActionTimes times = new ActionTimes();
  private int rowsOfStep;
  private long busyNanos;
  private int peakActivations;
  private final List<float[]> inferred = new ArrayList<>();

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
    this.labels = labels;
    this.tally = new LossTally(network, labels);
    this.miniBatches = miniBatches;
    this.cancelled = cancelled;
    int steps = Math.multiplyExact(plan.epochs(), miniBatches.steps());
    this.stepStarts = new long[steps];
    this.stepEnds = new long[steps];
    this.training = !plan.schedule().isForwardOnly();
    this.pace = new Pace(plan, rank, steps, link);
    this.rankOfStage = IntStream.range(0, plan.stages()).map(plan.schedule()::rankOf).toArray();
    Cut cut = new Cut(plan.stageStarts(), network.layers().size());
    Updater updater = Updater.fromJson(plan.updaterJson()).over(steps);
    for (int stage = 0; stage < plan.stages(); stage++) {
      if (rankOfStage[stage] == rank) {
        stages.put(
            stage,
            new Stage(network, cut.first(stage), cut.end(stage), updater, plan.seed(), pool));
      }
    }
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
    Map<Integer, Schedule> schedules = new HashMap<>();
    for (int epoch = 0; epoch < plan.epochs(); epoch++) {
      if (features != null) {
        features.startEpoch(epoch);
      }
      if (labels != null) {
        labels.startEpoch(epoch);
      }
      long start = clock.nanos();
      busyNanos = 0;
      tally.startEpoch();
      for (int s = 0; s < miniBatches.steps(); s++, step++) {
        Schedule schedule = schedules.computeIfAbsent(miniBatches.microBatchesOf(s), plan::actions);
        pace.begin(step, cancelled);
        runStep(schedule, step, s, miniBatches.rowsOf(s), epoch);
        pace.end(step);
      }
      progress.epochDone(
          new EpochReport(
              rank,
              epoch,
              miniBatches.rows(),
              tally.epochScore(),
              tally.epochWeight(),
              busyNanos,
              clock.nanos() - start));
    }
    return result();
  }

  private void runStep(Schedule schedule, int step, int stepOfEpoch, int rows, int epoch)
      throws InterruptedException {
    if (rows != rowsOfStep) {
      // No array of the old size fits.
      pool.clear();
      rowsOfStep = rows;
    }
    times.clear();
    tally.startStep(stepOfEpoch, schedule.microBatches(), rows);
    for (Action action : schedule.ranks().get(rank)) {
      if (cancelled.getAsBoolean()) {
        throw new InterruptedException("The task was cancelled before " + action);
      }
      long ready = clock.nanos();
      int stage = action.stage();
      int microBatch = action.microBatch();
      long start = ready;
      switch (action.kind()) {
        case RECV_F -> link.post(new Tag('F', stage, step, microBatch));
        case RECV_B -> link.post(new Tag('B', stage, step, microBatch));
        case SEND_F -> send(new Tag('F', stage + 1, step, microBatch));
        case SEND_B -> send(new Tag('B', stage - 1, step, microBatch));
        case F -> {
          INDArray input =
              stage == 0
                  ? features.microBatch(stepOfEpoch, microBatch)
                  : take(new Tag('F', stage, step, microBatch));
          start = clock.nanos();
          INDArray output = forward(stage, step, microBatch, input);
          if (!isLast(stage)) {
            made.put(new Tag('F', stage + 1, step, microBatch), handOver(output));
          } else if (training) {
            outputs.put(microBatch, output);
          } else {
            INDArray wanted = labels.microBatch(stepOfEpoch, microBatch);
            tally.put(microBatch, network.loss().score(output, wanted));
            inferred.add(output.dup('c').data().asFloat());
            Blank.release(wanted);
            Blank.release(output);
          }
        }
        case B, I -> {
          INDArray gradient = isLast(stage) ? null : take(new Tag('B', stage, step, microBatch));
          start = clock.nanos();
          if (gradient == null) {
            gradient = lossGradient(stepOfEpoch, microBatch);
          }
          INDArray inputGradient = stages.get(stage).inputGradient(microBatch, gradient);
          if (stage > 0) {
            made.put(new Tag('B', stage - 1, step, microBatch), inputGradient);
          }
          if (action.kind() == Kind.B) {
            stages.get(stage).weightGradient(microBatch);
          }
        }
        case W -> stages.get(stage).weightGradient(microBatch);
      }
      if (action.kind().isCompute()) {
        settle();
        long end = clock.nanos();
        busyNanos += end - start;
        times.add(action, ready, start, end);
      }
    }
    long start = clock.nanos();
    if (training) {
      stages.values().forEach(stage -> stage.update(step, epoch));
    }
    settle();
    busyNanos += clock.nanos() - start;
    stepStarts[step] = times.firstStart();
    stepEnds[step] = times.lastEnd();
    if (stages.containsKey(plan.stages() - 1)) {
      tally.endStep();
    }
  }

  private INDArray forward(int stage, int step, int microBatch, INDArray input) {
    if (!training) {
      peakActivations = 1;
      return stages.get(stage).infer(input);
    }
    INDArray output = stages.get(stage).forward(step, microBatch, input);
    int held = stages.values().stream().mapToInt(Stage::held).sum();
    peakActivations = Math.max(peakActivations, held);
    return output;
  }

  /** On a device whose kernels run asynchronously, an action is done when they are. */
  private static void settle() {
    Nd4j.getExecutioner().commit();
  }

  private INDArray lossGradient(int step, int microBatch) {
    Loss loss = network.loss();
    INDArray output = outputs.remove(microBatch);
    INDArray wanted = labels.microBatch(step, microBatch);
    INDArray gradient = Memory.FRESH.like(output);
    tally.put(microBatch, loss.gradient(output, wanted, tally.scale(), gradient, pool.kernels()));
    Blank.release(wanted);
    return gradient;
  }

  /**
   * An array for another stage to own. A stage needs its output for its own backward, which may
   * come before or after the other's, so they cannot share it. While predicting there is no
   * backward.
   */
  private INDArray handOver(INDArray output) {
    return training ? Memory.FRESH.copy(output) : output;
  }

  private boolean isLast(int stage) {
    return stage == plan.stages() - 1;
  }

  private INDArray take(Tag tag) throws InterruptedException {
    INDArray own = made.remove(tag);
    return own != null ? own : link.receive(tag, cancelled);
  }

  private void send(Tag tag) {
    link.give(rankOfStage[tag.stage()], tag, made.remove(tag));
  }

  private RankResult result() {
    Map<Integer, float[]> weights = new TreeMap<>();
    for (Stage stage : stages.values()) {
      for (int layer = stage.first(); layer < stage.end(); layer++) {
        if (stage.parameters(layer).size() > 0) {
          weights.put(layer, stage.parameters(layer).values());
        }
      }
    }
    pool.clear();
    return new RankResult(
        rank,
        ProcessHandle.current().pid(),
        weights,
        tally.steps(),
        stepStarts,
        stepEnds,
        times.list(),
        peakActivations,
        link.stats(),
        inferred);
  }
}
