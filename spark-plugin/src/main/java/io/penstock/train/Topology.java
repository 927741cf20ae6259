package io.penstock.train;

import io.penstock.feed.RowEnds;
import io.penstock.schedule.Schedule;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Topology of a run: which rank holds which stage of which replica. Ranks are numbered replica by
 * replica, each in the order of its schedule's ranks. Immutable; any thread may ask.
 *
 * @param replicas copies of all stages, which train on other micro-batches (data parallelism)
 * @param pipelineRanks ranks of each replica
 * @param pipelineRankOfStage by stage, its rank among those of a replica
 */
public record Topology(int replicas, int pipelineRanks, List<Integer> pipelineRankOfStage) {

  /** Copies the list. */
  public Topology {
    pipelineRankOfStage = List.copyOf(pipelineRankOfStage);
  }

  /** Returns the topology of replicas that each do a schedule. */
  public static Topology of(int replicas, Schedule schedule) {
    return new Topology(
        replicas,
        schedule.ranks().size(),
        IntStream.range(0, schedule.stages()).mapToObj(schedule::rankOf).toList());
  }

  /** Returns the number of ranks in all. */
  public int ranks() {
    return replicas * pipelineRanks;
  }

  /** Returns the number of stages of a replica. */
  public int stages() {
    return pipelineRankOfStage.size();
  }

  /** Returns the rank that holds a stage of a replica. */
  public int rankOf(int replica, int stage) {
    return replica * pipelineRanks + pipelineRankOfStage.get(stage);
  }

  /** Returns the replica that a rank belongs to. */
  public int replicaOf(int rank) {
    return rank / pipelineRanks;
  }

  /** Returns the rank's place among those of its replica: its row of the schedule. */
  public int pipelineRankOf(int rank) {
    return rank % pipelineRanks;
  }

  /** Returns whether a rank holds a stage of its replica. */
  public boolean holds(int rank, int stage) {
    return pipelineRankOfStage.get(stage) == pipelineRankOf(rank);
  }

  /** Returns the rank that holds the same stages in another replica. */
  public int peer(int rank, int replica) {
    return replica * pipelineRanks + pipelineRankOf(rank);
  }

  /** Returns whether a rank holds the first stage, which the rows' features go to. */
  public boolean isFirst(int rank) {
    return holds(rank, 0);
  }

  /** Returns whether a rank holds the last stage, which the rows' labels go to. */
  public boolean isLast(int rank) {
    return holds(rank, stages() - 1);
  }

  /**
   * Returns the ranks that rows go to, by replica.
   *
   * @param labelled the stages that read labels
   */
  public RowEnds rowEnds(Set<Integer> labelled) {
    List<Integer> features = new ArrayList<>();
    List<List<Integer>> labels = new ArrayList<>();
    for (int replica = 0; replica < replicas; replica++) {
      int own = replica;
      features.add(rankOf(own, 0));
      labels.add(labelled.stream().map(stage -> rankOf(own, stage)).distinct().sorted().toList());
    }
    return new RowEnds(ranks(), features, labels);
  }

  /** Returns the ranks of a rank's own replica, ascending. */
  public List<Integer> replica(int rank) {
    int first = replicaOf(rank) * pipelineRanks;
    return IntStream.range(first, first + pipelineRanks).boxed().toList();
  }

  /** Returns all ranks, ascending. */
  public List<Integer> all() {
    return IntStream.range(0, ranks()).boxed().toList();
  }
}
