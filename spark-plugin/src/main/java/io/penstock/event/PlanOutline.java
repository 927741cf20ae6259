package io.penstock.event;

import io.penstock.Internal;
import io.penstock.balance.Cut;
import io.penstock.balance.CutConstraints;
import io.penstock.balance.LayerCosts;
import io.penstock.balance.Payoff;
import io.penstock.balance.Prediction;
import io.penstock.balance.Profile;
import io.penstock.balance.StageCosts;
import io.penstock.nn.Layer;
import io.penstock.nn.network.Sequential;
import io.penstock.nn.update.Updater;
import io.penstock.schedule.Simulator;
import io.penstock.train.LayerOwners;
import io.penstock.train.Replication;
import io.penstock.train.TrainingPlan;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/** Outline of a plan for people: its stages, layers, forecast and advice. For one thread. */
@Internal
public final class PlanOutline {
  private static final int MOST_CHARACTERS = 200;

  /**
   * Most actions of a schedule that is simulated for a guess, which has to be made in a moment,
   * while a run waits to begin.
   */
  private static final int MOST_ACTIONS = 5_000;

  private final TrainingPlan plan;
  private final boolean local;
  private final Sequential network;
  private final Cut cut;
  private final LayerCosts costs;

  /**
   * @param local whether ranks are threads of one process
   */
  public PlanOutline(TrainingPlan plan, boolean local) {
    this.plan = plan;
    this.local = local;
    this.network = plan.network();
    this.cut = plan.cut();
    this.costs =
        LayerCosts.estimated(
            network,
            plan.rowsPerMicroBatch(),
            Updater.fromJson(plan.updaterJson()),
            plan.retention().gradients());
  }

  /**
   * Returns the event with which a run of the plan begins.
   *
   * @param name what people know the run by; may be empty
   * @param prediction by simulation, where executors were measured beforehand
   * @param payoff whether its executors pay, where they were measured beforehand
   */
  public RunStarted started(
      String runId, String name, Optional<Prediction> prediction, Optional<Payoff> payoff) {
    return new RunStarted(
        runId,
        System.currentTimeMillis(),
        name,
        plan.schedule().name(),
        stages(),
        plan.ranks(),
        plan.replication().replicas(),
        plan.microBatches(),
        plan.batchSize(),
        plan.epochs(),
        plan.seed(),
        forecast(prediction, payoff));
  }

  /** Returns the stages of a plan, first to last, with what they hold by estimate. */
  public static List<StagePlan> stages(TrainingPlan plan) {
    return new PlanOutline(plan, true).stages();
  }

  List<StagePlan> stages() {
    CutConstraints constraints = CutConstraints.of(plan.schedule());
    Set<Integer> recomputed = plan.schedule().recomputedStages();
    return IntStream.range(0, cut.stages())
        .mapToObj(
            stage ->
                new StagePlan(
                    stage,
                    constraints.ranks().get(stage),
                    IntStream.range(cut.first(stage), cut.end(stage))
                        .mapToObj(this::layer)
                        .toList(),
                    costs.stateBytes(cut.first(stage), cut.end(stage)) - spared(stage),
                    costs.keptBytes(cut.first(stage), cut.end(stage)),
                    constraints.inFlight().get(stage),
                    recomputed.contains(stage)))
        .toList();
  }

  /**
   * Returns the bytes of a stage's optimizer state that lie on other replicas, of the replica that
   * holds most of it.
   */
  private long spared(int stage) {
    Replication replication = plan.replication();
    if (!replication.shardsOptimizer()) {
      return 0;
    }
    LayerOwners owners = LayerOwners.of(network, cut, replication.replicas());
    Updater updater = Updater.fromJson(plan.updaterJson());
    long[] owned = new long[replication.replicas()];
    IntStream.range(cut.first(stage), cut.end(stage))
        .filter(layer -> network.owner(layer) == layer)
        .forEach(
            layer ->
                owned[owners.of(layer)] +=
                    Float.BYTES * updater.stateSize(network.trainedCount(layer)));
    return Arrays.stream(owned).sum() - Arrays.stream(owned).max().orElseThrow();
  }

  private LayerPlan layer(int index) {
    Layer layer = network.layers().get(index);
    String words = layer.toString();
    return new LayerPlan(
        index,
        layer.typeName(),
        network.shape(index).toString(),
        network.shape(index + 1).toString(),
        network.owner(index) == index ? network.parameterCount(index) : 0,
        words.length() <= MOST_CHARACTERS ? words : words.substring(0, MOST_CHARACTERS) + "…");
  }

  private Forecast forecast(Optional<Prediction> prediction, Optional<Payoff> payoff) {
    String advice = advice(payoff).map(Advice::toString).orElse(null);
    if (prediction.isPresent()) {
      Prediction measured = prediction.get();
      return new Forecast(measured.seconds(), measured.bubble(), advice);
    }
    double endless = Double.POSITIVE_INFINITY;
    return new Forecast(
        null,
        Simulator.simulate(plan.schedule(), StageCosts.of(cut, costs, 0, endless)).bubble(),
        advice);
  }

  /**
   * Returns advice by what was measured, else by guess; empty for one executor that was not a
   * choice, and for replicas, which are beside the question whether stages pay.
   */
  private Optional<Advice> advice(Optional<Payoff> measured) {
    if (measured.isPresent()) {
      return measured.map(payoff -> new Advice(payoff, true, plan.ranks() == 1));
    }
    int actions = plan.schedule().ranks().stream().mapToInt(List::size).sum();
    boolean replicas = plan.replication().replicas() > 1;
    return plan.ranks() == 1 || replicas || actions > MOST_ACTIONS
        ? Optional.empty()
        : Optional.of(guess());
  }

  private Advice guess() {
    Updater updater = Updater.fromJson(plan.updaterJson());
    Profile profile = Profile.guessed(network, updater, local);
    Payoff payoff = Payoff.of(profile, plan.schedule(), cut, plan.batchSize(), plan.microBatches());
    return new Advice(payoff, false);
  }
}
