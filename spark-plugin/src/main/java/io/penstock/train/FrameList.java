package io.penstock.train;

import io.penstock.Internal;
import io.penstock.balance.Cut;
import io.penstock.feed.MiniBatches;
import io.penstock.link.Channel;
import io.penstock.link.ExpectedFrame;
import io.penstock.link.FramePlan;
import io.penstock.link.Tag;
import io.penstock.nn.Shape;
import io.penstock.nn.network.Sequential;
import io.penstock.nn.update.Updater;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.LongStream;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * List of the frames that the other ranks of a plan send to one. Each exchange adds its own, beside
 * the tags that it gives them. For one thread.
 */
@Internal
public final class FrameList {
  private final int rank;
  private final TrainingPlan plan;
  private final Topology topology;
  private final Sequential network;
  private final Cut cut;
  private final long mostRows;
  private final List<ExpectedFrame> frames = new ArrayList<>();

  private FrameList(int rank, TrainingPlan plan, Sequential network) {
    this.rank = rank;
    this.plan = plan;
    this.topology = plan.topology();
    this.network = network;
    this.cut = new Cut(plan.stageStarts(), network.layers().size());
    this.mostRows = MiniBatches.mostRows(network, plan.batchSize(), plan.microBatches());
  }

  /** Returns the plan of the frames that a rank may be sent. */
  public static FramePlan forRank(int rank, TrainingPlan plan) {
    return of(rank, plan, plan.network()).plan();
  }

  /**
   * Returns the frames for a rank.
   *
   * @param network the plan's
   */
  static FrameList of(int rank, TrainingPlan plan, Sequential network) {
    FrameList list = new FrameList(rank, plan, network);
    for (int stage = 1; stage < plan.stages(); stage++) {
      Shape shape = network.shape(list.cut.first(stage));
      list.activations(new Channel.Activation(stage), stage - 1, stage, shape);
      list.activations(new Channel.Gradient(stage - 1), stage, stage - 1, shape);
    }
    SkipExchange.list(list);
    TiedExchange.list(list);
    PlacesExchange.list(list);
    if (Updater.fromJson(plan.updaterJson()).clipNorm().isPresent()) {
      GradientNorm.list(list);
    }
    EarlyStoppingCoordinator.list(list);
    ForwardCredits.list(list);
    CheckpointCoordinator.list(list);
    if (plan.badNumbers() == BadNumbers.SKIP) {
      StepSkipping.list(list);
    }
    if (plan.replication().replicas() > 1) {
      GradientExchange.list(list);
      LossGather.list(list);
    }
    return list;
  }

  FramePlan plan() {
    // Steps that are skipped leave out what only an update sends.
    int skipped = plan.badNumbers() == BadNumbers.SKIP ? StepSkipping.MOST_IN_A_ROW : 0;
    return FramePlan.of(frames, ForwardCredits.MOST_AHEAD + skipped);
  }

  Sequential network() {
    return network;
  }

  Cut cut() {
    return cut;
  }

  int rank() {
    return rank;
  }

  TrainingPlan training() {
    return plan;
  }

  Topology topology() {
    return topology;
  }

  /** Returns the rank of the listed rank's own replica that holds a stage. */
  int rankOf(int stage) {
    return topology.rankOf(topology.replicaOf(rank), stage);
  }

  int featureRank() {
    return plan.featureRank();
  }

  int labelRank() {
    return plan.labelRank();
  }

  /** Adds what goes with every micro-batch from stage to stage, in the precision of the links. */
  void activations(Channel channel, int fromStage, int toStage, Shape row) {
    rows(channel, fromStage, toStage, plan.linkPrecision().type(), row);
  }

  /** Adds what goes with every micro-batch from stage to stage, rows of this shape. */
  void rows(Channel channel, int fromStage, int toStage, DataType type, Shape row) {
    int from = rankOf(fromStage);
    if (rankOf(toStage) == rank && from != rank) {
      frames.add(
          new ExpectedFrame(
              channel,
              from,
              plan.microBatches(),
              type,
              1,
              mostRows,
              row.dims(),
              isOfSequences(network, row)));
    }
  }

  /** Returns whether rows of this shape are sequences, of which a micro-batch's may be shorter. */
  static boolean isOfSequences(Sequential network, Shape row) {
    List<Long> input = network.input().dims();
    return network.vocabulary().isPresent()
        && !row.dims().isEmpty()
        && row.dims().get(0).equals(input.get(0));
  }

  /** Adds what goes once in a step from rank to rank, an array of this shape. */
  void of(Tag tag, int fromRank, int toRank, DataType type, long... shape) {
    if (toRank == rank && fromRank != rank) {
      List<Long> row = LongStream.of(shape).skip(1).boxed().toList();
      frames.add(
          new ExpectedFrame(tag.channel(), fromRank, 1, type, shape[0], shape[0], row, false));
    }
  }

  /** Adds what goes once in a step for a layer, numbers up to so many; nothing if that is 0. */
  void layers(Channel channel, int fromRank, DataType type, long most) {
    if (fromRank != rank && most > 0) {
      int layers = network.layers().size();
      frames.add(new ExpectedFrame(channel, fromRank, layers, type, 1, most, List.of(), false));
    }
  }

  /** Adds what goes once in a step to the listed rank, numbers up to so many. */
  void upTo(Channel channel, int fromRank, DataType type, long most) {
    frames.add(new ExpectedFrame(channel, fromRank, 1, type, 1, most, List.of(), false));
  }

  /** Adds what goes once in a step from a rank to all others. */
  void toAll(Tag tag, int fromRank, DataType type, long... shape) {
    of(tag, fromRank, rank, type, shape);
  }

  /**
   * Adds what each of some ranks, of which the listed one is one, tells the others once in a step:
   * see {@link Exchange#allGather}.
   */
  void allGather(IntFunction<Channel> from, List<Integer> members, long numbers) {
    for (int other : members) {
      toAll(new Tag(from.apply(other), 0, 0), other, DataType.DOUBLE, numbers);
    }
  }
}
