package io.penstock.train;

import io.penstock.Internal;
import io.penstock.balance.Cut;
import io.penstock.checkpoint.TrainingState;
import io.penstock.compute.ComputeDevice;
import io.penstock.compute.Workspace;
import io.penstock.feed.Batches;
import io.penstock.feed.MiniBatches;
import io.penstock.feed.RankRows;
import io.penstock.link.Link;
import io.penstock.link.LinkException;
import io.penstock.nn.Parameters;
import io.penstock.nn.network.Sequential;
import io.penstock.nn.update.Updater;
import io.penstock.schedule.Action;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * Runner of one rank: does the verified list of actions of every step. It knows no schedule by
 * name, only actions. Not thread-safe: {@link #run} is called once, by the task's thread.
 */
@Internal
public final class RankRunner implements AutoCloseable {
  private final RankContext context;
  private final TrainingPlan plan;
  private final RankRows rows;
  private final Link link;
  private final WallClock clock = new WallClock();
  private final RankStages held;
  private final NavigableMap<Integer, Stage> stages;
  private final TiedExchange ties;

  /** End of a mini-batch; null if nothing is learnt. */
  private final StepUpdate update;

  /** Actions of a full mini-batch. */
  private final List<Action> actions;

  private final boolean training;
  private final ForwardCredits credits;
  private final KeptOutputs outputs = new KeptOutputs();
  private final LossHead end;
  private final RankMeter meter;
  private final StepRunner runner;
  private final Optional<ValidationPass> validation;
  private final EarlyStoppingCoordinator stopping;
  private final StepSkipping skipping;
  private final Map<Integer, RankProgram> walks = new HashMap<>();
  private final StepHistory history;
  private final TrainingState begun;
  private final HostWork hostWork;

  /** Steps that there would be, if all epochs were done. */
  private final long steps;

  private int stepsDone;
  private int bestEpoch;

  /**
   * Makes a rank that is about to start.
   *
   * @param network the plan's network
   * @param rows to train on
   * @param validationRows to measure on after every epoch; empty if there are none, on every rank
   * @param initial state of the start, or of where an earlier run was
   * @param scratch directory for what is offloaded to disk, where the plan does that
   * @param device that the rank's stages compute on
   * @param cancelled asked while waiting; true ends the run with an InterruptedException
   * @throws IllegalArgumentException if initial weights do not fit their layer
   */
  public RankRunner(
      int rank,
      TrainingPlan plan,
      Sequential network,
      Link link,
      RankRows rows,
      Optional<RankRows> validationRows,
      InitialState initial,
      Path scratch,
      ComputeDevice device,
      BooleanSupplier cancelled) {
    this.plan = plan;
    this.link = link;
    this.rows = rows;
    this.steps = (long) plan.epochs() * rows.miniBatches().steps();
    this.training = !plan.schedule().isForwardOnly();
    this.begun = initial.run();
    this.stepsDone = begun.step();
    this.bestEpoch = begun.stopping().bestEpoch();
    this.history = new StepHistory(begun.stepLosses());
    this.credits = new ForwardCredits(plan, rank, begun.step(), steps, link);
    Workspace pool = new Workspace(device, link::release);
    Exchange exchange = new Exchange(rank, plan, link, pool, cancelled);
    Topology topology = plan.topology();
    Cut cut = new Cut(plan.stageStarts(), network.layers().size());
    this.context =
        new RankContext(
            plan,
            rank,
            topology,
            exchange,
            new SkipExchange(exchange, cut, network.skips()),
            new PlacesExchange(exchange, cut, network),
            pool,
            new Offload(rank, scratch, shape -> exchange.loanOf(link.blank(DataType.FLOAT, shape))),
            new StepWatch(
                new NumberWatch(network, plan, pool),
                training && plan.badNumbers() == BadNumbers.SKIP),
            new RankPosition(),
            clock,
            cancelled);
    Updater updater = Updater.fromJson(plan.updaterJson()).over(steps);
    this.held = stages(network, updater, initial);
    this.stages = held.stages();
    this.ties = new TiedExchange(exchange, cut, network, stages, held::updates);
    this.end = new LossHead(context, network, rows, outputs);
    this.meter = new RankMeter(plan.stages());
    this.validation =
        validationRows.map(some -> new ValidationPass(context, network, stages, some, link));
    this.stopping = new EarlyStoppingCoordinator(context, plan.stopping(), begun.stopping());
    this.skipping = new StepSkipping(context, updater.clipNorm().isPresent(), begun);
    Optional<GradientNorm> norm =
        updater.clipNorm().stream()
            .mapToObj(
                most ->
                    new GradientNorm(
                        exchange,
                        GradientNorm.members(plan, rank),
                        network.layers().size(),
                        most,
                        pool))
            .findFirst();
    this.hostWork =
        pool.isOnDevice()
            ? HostWork.of(network, held.layers(), context.hasEnd(), training ? updater : null)
            : HostWork.NONE;
    GradientExchange replicas = new GradientExchange(context, held.owners());
    this.update =
        training
            ? new StepUpdate(context, stages, ties, skipping, norm, replicas, end.tally())
            : null;
    this.runner = new StepRunner(context, stages, rows, end, update, meter);
    this.actions = StepSchedule.of(plan, network).ranks().get(topology.pipelineRankOf(rank));
  }

  /** Makes the stages; if there is no memory for them, nothing of the rank is left. */
  private RankStages stages(Sequential network, Updater updater, InitialState initial) {
    try {
      return RankStages.of(context.rank(), plan, network, updater, initial, context.pool());
    } catch (Throwable failure) {
      context.close();
      throw failure;
    }
  }

  /** Makes a rank whose rows are all trained on, and whose weights are drawn from the seed. */
  public RankRunner(
      int rank,
      TrainingPlan plan,
      Sequential network,
      Link link,
      Batches features,
      Batches labels,
      MiniBatches miniBatches,
      BooleanSupplier cancelled) {
    this(
        rank,
        plan,
        network,
        link,
        new RankRows(features, labels, miniBatches),
        Optional.empty(),
        InitialState.BORN,
        Path.of(System.getProperty("java.io.tmpdir")),
        ComputeDevice.PROCESSOR,
        cancelled);
  }

  /** Returns the counters of this rank's time, which any thread may read at any time. */
  public RankMeter meter() {
    return meter;
  }

  /** Returns where this rank is in its run, which any thread may read at any time. */
  public RankPosition position() {
    return context.position();
  }

  /** Returns what the host does of its work, where it computes on a GPU. */
  public HostWork hostWork() {
    return hostWork;
  }

  /**
   * Trains all epochs, or as many as the plan's rule wants; with a schedule that is forward only,
   * takes the rows through the network as it is. With validation rows, the weights in the end are
   * those of the best epoch. However it ends, its memory is free then, but for arrays that peers
   * still read.
   *
   * @param trained takes the layers in the end
   * @return what this rank ends with: the weights that travel with it and its measurements
   * @throws InterruptedException if the task was cancelled while it waited
   * @throws LinkException if a peer was lost
   * @throws DivergedException if numbers are not finite any more, or where the plan skips such
   *     steps if nothing is learnt for them
   */
  public RankResult run(Progress progress, TrainedLayers trained) throws InterruptedException {
    try (RankRunner own = this) {
      return own.train(progress, trained);
    } catch (LinkException ended) {
      throw context.exchange().cause(ended);
    }
  }

  private RankResult train(Progress progress, TrainedLayers trained) throws InterruptedException {
    CheckpointCoordinator checkpoints =
        new CheckpointCoordinator(
            context,
            progress,
            stages.values(),
            held::writes,
            end.tally(),
            stopping,
            skipping,
            history);
    boolean judged = validation.isPresent() || plan.stopping().isOn();
    boolean last = begun.stopping().over();
    for (int epoch = begun.epoch(); epoch < plan.epochs() && !last; epoch++) {
      EpochReport report = epoch(epoch, progress, checkpoints);
      progress.epochDone(report);
      if (judged) {
        StopDecision decision = stopping.after(epoch, report.watchedLoss());
        if (decision.better() && validation.isPresent()) {
          stages.values().forEach(stage -> stage.weights().keep());
          bestEpoch = epoch;
        }
        last = decision.last();
      }
      checkpoints.end(epoch + 1, 0, stepsDone, bestEpoch, last);
    }
    ties.takeWeights(); // or they would lie in the link when a run ends early
    stages.values().forEach(stage -> stage.weights().restore());
    context.exchange().flush();
    return result(trained);
  }

  private EpochReport epoch(int epoch, Progress progress, CheckpointCoordinator checkpoints)
      throws InterruptedException {
    rows.startEpoch(epoch);
    boolean goesOn = epoch == begun.epoch() && begun.stepOfEpoch() > 0;
    int first = goesOn ? begun.stepOfEpoch() : 0;
    boolean counted = goesOn && context.reports(); // the others have no loss to tell
    end.tally().startEpoch(counted ? begun.epochScore() : 0, counted ? begun.epochWeight() : 0);
    MiniBatches miniBatches = rows.miniBatches();
    EpochTimer timer = new EpochTimer(meter, link, clock);
    int steps = miniBatches.steps();
    long rowsBefore = IntStream.range(0, first).mapToLong(miniBatches::rowsOf).sum();
    long rowsDone = rowsBefore;
    for (int s = first; s < steps; s++) {
      long start = clock.nanos();
      boolean epochEnds = s + 1 == steps;
      checkpoints.begin(stepsDone, epoch, epochEnds);
      context.watch().train(epoch, s, steps);
      context.position().begin("", epoch, s);
      credits.begin(stepsDone, context.cancelled());
      runStep(s, miniBatches.rowsOf(s), epoch);
      credits.end(stepsDone);
      progress.stepTook(clock.nanos() - start);
      skipping.tell(progress);
      stepsDone = Math.incrementExact(stepsDone);
      rowsDone += miniBatches.rowsOf(s);
      if (context.reports()) {
        double loss = end.tally().stepLoss();
        progress.stepDone(new StepReport(epoch, s + 1, steps, rowsDone, loss, timer.seconds()));
      }
      if (!epochEnds) {
        checkpoints.end(epoch, s + 1, stepsDone, bestEpoch, false);
      }
    }
    RankTimes times = timer.times();
    List<ActionTime> lastStep = runner.times().list();
    Validation found = null;
    if (validation.isPresent()) {
      ties.takeWeights();
      // One replica does: all have the same weights.
      boolean validates = context.topology().replicaOf(context.rank()) == 0;
      found = validates ? validation.get().run(epoch).orElse(null) : null;
    }
    return new EpochReport(
        context.rank(),
        epoch,
        rowsDone - rowsBefore,
        context.reports() ? end.tally().epochScore() : 0,
        context.reports() ? end.tally().epochWeight() : 0,
        times,
        found,
        lastStep);
  }

  private void runStep(int stepOfEpoch, int rowsOfStep, int epoch) throws InterruptedException {
    int step = stepsDone;
    RankProgram program =
        walks.computeIfAbsent(
            rows.miniBatches().microBatchesOf(stepOfEpoch),
            count ->
                RankProgram.of(
                    actions,
                    count,
                    MicroBatchShare.of(
                        count,
                        context.topology().replicas(),
                        context.topology().replicaOf(context.rank()))));
    ties.takeWeights();
    if (training) {
      update.begin(step, epoch, step + 1 < steps || validation.isPresent());
    }
    runner.run(program, step, stepOfEpoch, rowsOfStep);
    history.add(end.tally().stepLoss(), runner.times().firstStart(), runner.times().lastEnd());
  }

  private RankResult result(TrainedLayers trained) {
    SortedMap<Integer, Parameters> layers = new TreeMap<>();
    stages.values().forEach(stage -> layers.putAll(stage.weights().own()));
    layers.keySet().removeIf(layer -> !held.writes(layer));
    return new RankResult(
        context.rank(),
        ProcessHandle.current().pid(),
        trained.take(layers),
        context.reports() ? history.losses() : new double[0],
        history.starts(),
        history.ends(),
        runner.times().list(),
        training ? update.parts().list() : List.of(),
        runner.peakActivations(),
        link.stats(),
        bestEpoch,
        outputs.list());
  }

  /**
   * Frees all memory at once, as {@link #run} does in the end, and ends the rank's threads. A
   * device that was lost may fail any part of that; the others are done all the same.
   */
  @Override
  public void close() {
    try (RankContext last = context;
        RankStages before = held) {
      validation.ifPresent(ValidationPass::close);
    }
  }
}
