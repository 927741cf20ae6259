package io.penstock.train;

import io.penstock.balance.Cut;
import io.penstock.compute.Workspace;
import io.penstock.nn.network.Sequential;
import io.penstock.nn.update.Updater;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * Stages of one rank with their weights, and what of them is this replica's. For the rank's thread.
 *
 * @param stages by number
 * @param room that their layers take in turn
 * @param owners by layer, the replica that writes its state
 * @param replica of the rank
 * @param shardsOptimizer whether a layer's owner alone updates it
 */
record RankStages(
    NavigableMap<Integer, Stage> stages,
    LayerRoom room,
    LayerOwners owners,
    int replica,
    boolean shardsOptimizer)
    implements AutoCloseable {
  /** Makes the stages of a rank. */
  static RankStages of(
      int rank,
      TrainingPlan plan,
      Sequential network,
      Updater updater,
      InitialState initial,
      Workspace pool) {
    Topology topology = plan.topology();
    Replication replication = plan.replication();
    Cut cut = new Cut(plan.stageStarts(), network.layers().size());
    RankStages own =
        new RankStages(
            new TreeMap<>(),
            new LayerRoom(plan.retention(), network, layers(rank, topology, cut), pool),
            LayerOwners.of(network, cut, replication.replicas()),
            topology.replicaOf(rank),
            replication.shardsOptimizer());
    boolean training = !plan.schedule().isForwardOnly();
    int groups = replication.sumsGroups() ? replication.gradientGroups() : 1;
    for (int stage = 0; stage < plan.stages(); stage++) {
      if (topology.holds(rank, stage)) {
        int first = cut.first(stage);
        int end = cut.end(stage);
        StageWeights weights =
            new StageWeights(
                network, first, end, updater, plan.seed(), initial, groups, own.room, own::updates);
        own.stages.put(stage, new Stage(network, first, end, weights, plan.seed(), training, pool));
      }
    }
    return own;
  }

  private static IntStream layers(int rank, Topology topology, Cut cut) {
    return IntStream.range(0, cut.layers())
        .filter(layer -> topology.holds(rank, cut.stageOf(layer)));
  }

  /** Returns the layers of this rank, by their index in the network, ascending. */
  IntStream layers() {
    return stages.values().stream()
        .flatMapToInt(stage -> IntStream.range(stage.first(), stage.end()));
  }

  /** Returns whether this rank writes a layer's state, of those that it holds. */
  boolean writes(int layer) {
    return owners.of(layer) == replica;
  }

  /** Returns whether this rank updates a layer, of those that it holds. */
  boolean updates(int layer) {
    return !shardsOptimizer || writes(layer);
  }

  /** Frees all memory of the stages and their weights at once. */
  @Override
  public void close() {
    stages.values().forEach(Stage::close); // before the weights, which are not theirs alone
    stages.values().forEach(stage -> stage.weights().close());
    room.close();
  }
}
