package io.penstock.launch.cluster;

import io.penstock.Amount;
import io.penstock.Internal;
import io.penstock.train.Topology;

/**
 * Demand of a job for executors, one for each rank. Immutable.
 *
 * @param replicas of all stages
 * @param ranks of each replica; where ranks hold several stages, as people count them: executors
 */
@Internal
public record ExecutorDemand(int replicas, int ranks) {
  /** Returns the demand of one replica. */
  static ExecutorDemand of(int ranks) {
    return new ExecutorDemand(1, ranks);
  }

  /** Returns the demand of a run. */
  public static ExecutorDemand of(Topology topology) {
    return new ExecutorDemand(topology.replicas(), topology.pipelineRanks());
  }

  /** Returns how many executors there have to be. */
  int executors() {
    return replicas * ranks;
  }

  /** Returns what is to be carried, in words. */
  String words() {
    return (replicas == 1 ? "" : new Amount(replicas, "replica") + " of ")
        + new Amount(ranks, "stage");
  }

  /** Returns the same with a verb: what is to be carried needs. */
  String need() {
    return words() + (executors() == 1 ? " needs " : " need ");
  }

  /** Returns what would need less, in words that follow "or"; empty if nothing would. */
  String fewer() {
    String of = ranks == 1 ? "replicas" : replicas == 1 ? "stages" : "replicas or stages";
    return executors() == 1 ? "" : "fewer " + of;
  }
}
