package io.penstock.train;

import io.penstock.Amount;
import io.penstock.balance.Cut;
import io.penstock.compute.ComputePrecision;
import io.penstock.feed.MiniBatches;
import io.penstock.feed.RowEnds;
import io.penstock.link.LinkPrecision;
import io.penstock.nn.network.Sequential;
import io.penstock.nn.network.SplitOutput;
import io.penstock.nn.update.Updater;
import io.penstock.schedule.Lowering;
import io.penstock.schedule.Offloading;
import io.penstock.schedule.Recomputation;
import io.penstock.schedule.Schedule;
import io.penstock.schedule.Verifier;
import io.penstock.schedule.WeightGradientOrder;
import io.penstock.schedule.WeightGradientsLast;
import java.io.Serializable;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Training plan of a run, as the driver sends it to every rank: network, optimizer, cut, schedule
 * and epochs. Immutable.
 *
 * @param networkJson the network, as {@link Sequential#toWire()} writes it
 * @param updaterJson the optimizer (ND4J: updater), as {@link Updater#toJson()} writes it
 * @param stageStarts the first layer of every stage, ascending, starting with 0
 * @param schedule of a replica's share of a full mini-batch, as {@link #lowerAndVerify} makes it; a
 *     short mini-batch with too few rows for all micro-batches has fewer of them: see {@link
 *     io.penstock.feed.MiniBatches}
 * @param batchSize rows of a mini-batch
 * @param epochs passes over the data
 * @param seed keys the initial weights, dropout and the order of the rows
 * @param stopping early stopping: the rule by which the run ends before its last epoch
 * @param linkPrecision dtype in which activations and their gradients go from rank to rank
 * @param computePrecision numbers that GPUs take the factors of products in
 * @param badNumbers answer to numbers that are NaN or infinite in a step
 * @param replication replicas of all stages, and the groups in which gradients are summed
 * @param retention of what ranks could make again
 */
public record TrainingPlan(
    String networkJson,
    String updaterJson,
    List<Integer> stageStarts,
    Schedule schedule,
    int batchSize,
    int epochs,
    long seed,
    EarlyStopping stopping,
    LinkPrecision linkPrecision,
    ComputePrecision computePrecision,
    BadNumbers badNumbers,
    Replication replication,
    Retention retention)
    implements Serializable {

  /**
   * Copies the list and checks that every stage of the schedule has its layers.
   *
   * @throws IllegalArgumentException if there are more or fewer
   */
  public TrainingPlan {
    stageStarts = List.copyOf(stageStarts);
    if (replication.replicas() > 1 && schedule.isForwardOnly()) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "schedule %s learns nothing, so that %s have nothing to share; use one.",
              schedule.name(),
              new Amount(replication.replicas(), "replica")));
    }
    if (stageStarts.size() != schedule.stages()) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "schedule %s has %s, the network is cut into %d: %s",
              schedule.name(),
              new Amount(schedule.stages(), "stage"),
              stageStarts.size(),
              stageStarts));
    }
  }

  /**
   * Makes a plan without early stopping, whose links and products round nothing, and whose run ends
   * at bad numbers.
   */
  public TrainingPlan(
      String networkJson,
      String updaterJson,
      List<Integer> stageStarts,
      Schedule schedule,
      int batchSize,
      int epochs,
      long seed) {
    this(
        networkJson,
        updaterJson,
        stageStarts,
        schedule,
        batchSize,
        epochs,
        seed,
        EarlyStopping.NEVER,
        LinkPrecision.FLOAT32,
        ComputePrecision.FLOAT32,
        BadNumbers.FAIL,
        Replication.NONE,
        Retention.ALL);
  }

  /** Returns this plan with another rule of early stopping. */
  public TrainingPlan stopping(EarlyStopping rule) {
    return with(rule, linkPrecision, computePrecision, badNumbers, replication);
  }

  /** Returns this plan with links of this precision. */
  public TrainingPlan withLinkPrecision(LinkPrecision precision) {
    return with(stopping, precision, computePrecision, badNumbers, replication);
  }

  /** Returns this plan with products of this precision, on GPUs. */
  public TrainingPlan withComputePrecision(ComputePrecision precision) {
    return with(stopping, linkPrecision, precision, badNumbers, replication);
  }

  /** Returns this plan with another answer to bad numbers. */
  public TrainingPlan withBadNumbers(BadNumbers answer) {
    return with(stopping, linkPrecision, computePrecision, answer, replication);
  }

  /**
   * Returns this plan with replicas of all stages, or with gradients summed as by replicas. With R
   * replicas a mini-batch has R times the schedule's micro-batches.
   */
  public TrainingPlan withReplication(Replication other) {
    return with(stopping, linkPrecision, computePrecision, badNumbers, other);
  }

  /**
   * Returns this plan on other stages: all else, and so what is learnt, stays.
   *
   * @param starts the first layer of every stage
   * @param other of as many micro-batches, as {@link #lowerAndVerify} makes it
   * @throws IllegalArgumentException if it has other micro-batches
   */
  public TrainingPlan recut(List<Integer> starts, Schedule other) {
    return recut(starts, other, replication);
  }

  /**
   * Returns this plan on other stages and another number of replicas, with gradients summed in the
   * same groups.
   *
   * @param starts the first layer of every stage
   * @param other with the replicas' share of as many micro-batches
   * @param replicas in the same gradient groups
   * @throws IllegalArgumentException if there are other micro-batches or groups
   */
  public TrainingPlan recut(List<Integer> starts, Schedule other, Replication replicas) {
    if (replicas.gradientGroups() != replication.gradientGroups()) {
      throw new IllegalArgumentException(
          "The plan sums gradients in "
              + new Amount(replication.gradientGroups(), "group")
              + ", the other one in "
              + replicas.gradientGroups()
              + ": they would be summed otherwise.");
    }
    if (other.microBatches() * replicas.replicas() != microBatches()) {
      throw new IllegalArgumentException(
          "The plan has "
              + new Amount(microBatches(), "micro-batch")
              + ", the other schedule "
              + other.microBatches() * replicas.replicas()
              + ": gradients would be summed otherwise.");
    }
    return with(
        starts,
        other,
        stopping,
        linkPrecision,
        computePrecision,
        badNumbers,
        replicas,
        Retention.ALL);
  }

  /**
   * Returns this plan, whose ranks retain all, with ranks that retain this: where that is no
   * gradients, the schedule's weight gradients come {@linkplain WeightGradientsLast last}.
   *
   * @param other one of {@link Retention#choices}
   */
  public TrainingPlan withRetention(Retention other) {
    return with(
        stageStarts,
        other.gradients() ? schedule : WeightGradientsLast.order(schedule),
        stopping,
        linkPrecision,
        computePrecision,
        badNumbers,
        replication,
        other);
  }

  private TrainingPlan with(
      EarlyStopping rule,
      LinkPrecision links,
      ComputePrecision products,
      BadNumbers answer,
      Replication groups) {
    return with(stageStarts, schedule, rule, links, products, answer, groups, retention);
  }

  private TrainingPlan with(
      List<Integer> starts,
      Schedule order,
      EarlyStopping rule,
      LinkPrecision links,
      ComputePrecision products,
      BadNumbers answer,
      Replication groups,
      Retention retained) {
    return new TrainingPlan(
        networkJson,
        updaterJson,
        starts,
        order,
        batchSize,
        epochs,
        seed,
        rule,
        links,
        products,
        answer,
        groups,
        retained);
  }

  /**
   * Makes of any schedule one that a rank can do: every sum of weight gradients in ascending order
   * of micro-batches, sends and receives in place, all of it verified.
   *
   * @throws io.penstock.schedule.InvalidScheduleException if the schedule cannot be run
   */
  public static Schedule lowerAndVerify(Schedule schedule) {
    return lowerAndVerify(schedule, Recomputation.NEVER);
  }

  /**
   * Makes of any schedule one that a rank can do, with activation checkpointing: forwards done a
   * second time in place of keeping their activations.
   *
   * @throws io.penstock.schedule.InvalidScheduleException if the schedule cannot be run
   */
  public static Schedule lowerAndVerify(Schedule schedule, Recomputation recomputation) {
    Schedule runnable = Lowering.lower(recomputation.in(WeightGradientOrder.order(schedule)));
    Verifier.verify(runnable);
    return runnable;
  }

  /** Returns the number of stages, over all ranks of a replica. */
  public int stages() {
    return schedule.stages();
  }

  /** Returns which rank holds which stage. */
  public Topology topology() {
    return Topology.of(replication.replicas(), schedule);
  }

  /** Returns the number of ranks: executors that the stages of all replicas lie on. */
  public int ranks() {
    return replication.replicas() * schedule.ranks().size();
  }

  /** Returns the number of micro-batches of a full mini-batch, those of all replicas. */
  public int microBatches() {
    return replication.replicas() * schedule.microBatches();
  }

  /** Returns the first replica's rank of the first stage, which the rows' features go to. */
  public int featureRank() {
    return schedule.rankOf(0);
  }

  /**
   * Returns the first replica's rank of the last stage, which knows the rows' labels and the loss;
   * in a schedule of V shape, that of the first stage too.
   */
  public int labelRank() {
    return schedule.rankOf(stages() - 1);
  }

  /**
   * Returns the network in the form that the schedule does it: that of training, unless it learns
   * nothing. See {@link SplitOutput#inTraining}.
   */
  public Sequential network() {
    Sequential described = Sequential.fromWire(networkJson);
    return schedule.isForwardOnly() ? described : SplitOutput.inTraining(described);
  }

  /** Returns the stages that read labels: the last one, and those whose layers ask for them. */
  static Set<Integer> labelledStages(Sequential network, Cut cut) {
    return IntStream.range(0, cut.stages())
        .filter(
            stage ->
                stage == cut.stages() - 1 || network.asksLabels(cut.first(stage), cut.end(stage)))
        .boxed()
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** Returns the ranks that rows go to. */
  public RowEnds rowEnds() {
    return topology().rowEnds(labelledStages(network(), cut()));
  }

  /** Returns the cut: which layers lie on which stage. */
  public Cut cut() {
    return new Cut(stageStarts, network().layers().size());
  }

  /** Returns the rows of the largest micro-batch that there can be. */
  public int rowsPerMicroBatch() {
    return MiniBatches.mostRows(network(), batchSize, microBatches());
  }

  /** Returns the cut and the schedule in words, and what ranks let go. */
  public String words() {
    return words(schedule.name()) + retention.words();
  }

  /** Returns the cut and the schedule in words, without what ranks let go: it changes no bit. */
  public String wordsOfAll() {
    return words(WeightGradientsLast.nameBefore(schedule));
  }

  private String words(String name) {
    Set<Integer> recomputed = schedule.recomputedStages();
    return (replication.replicas() > 1
            ? new Amount(replication.replicas(), "replica") + " of "
            : "")
        + new Amount(stages(), "stage")
        + " on "
        + new Amount(ranks(), "executor")
        + ", cut at layers "
        + stageStarts
        + (recomputed.isEmpty() ? "" : ", stages recomputed " + recomputed)
        + (Offloading.offloads(schedule) ? ", their inputs on disk" : "")
        + ", schedule "
        + name
        + " with "
        + new Amount(schedule.microBatches(), "micro-batch")
        + (replication.replicas() > 1 ? " each" : "");
  }
}
