package io.penstock.train;

import io.penstock.balance.Cut;
import io.penstock.compute.Workspace;
import io.penstock.nn.network.Sequential;
import io.penstock.nn.update.Updater;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * Stages of one rank with their weights, and what of them is this replica's. For the rank's thread.
 *
 * @param stages by number
 * @param owners by layer, the replica that writes its state
 * @param replica of the rank
 * @param shardsOptimizer whether a layer's owner alone updates it
 */
record RankStages(
    NavigableMap<Integer, Stage> stages, LayerOwners owners, int replica, boolean shardsOptimizer) {
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
                network,
                first,
                end,
                updater,
                plan.seed(),
                initial,
                groups,
                plan.retention(),
                own::updates);
        own.stages.put(stage, new Stage(network, first, end, weights, plan.seed(), training, pool));
      }
    }
    return own;
  }

  /** Returns whether this rank writes a layer's state, of those that it holds. */
  boolean writes(int layer) {
    return owners.of(layer) == replica;
  }

  /** Returns whether this rank updates a layer, of those that it holds. */
  boolean updates(int layer) {
    return !shardsOptimizer || writes(layer);
  }
}
