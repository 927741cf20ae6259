package io.penstock.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.feed.RowEnds;
import io.penstock.schedule.generate.Schedules;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TopologyTest {
  /** Rank 0 of a replica holds stages 0 and 3, rank 1 holds 1 and 2. */
  private static final Topology V = Topology.of(3, Schedules.generate("zb-v", 2, 4));

  @Test
  void ranksAreNumberedReplicaByReplica() {
    assertEquals(6, V.ranks());
    assertEquals(4, V.stages());
    assertEquals(
        List.of(2, 3, 3, 2), IntStream.range(0, 4).mapToObj(stage -> V.rankOf(1, stage)).toList());
    for (int rank = 0; rank < V.ranks(); rank++) {
      assertEquals(rank / 2, V.replicaOf(rank));
      assertEquals(rank % 2, V.pipelineRankOf(rank));
      assertEquals(rank, V.peer(rank, V.replicaOf(rank)));
    }
  }

  @Test
  void aRankKnowsItsStagesAndItsPeers() {
    assertTrue(V.holds(4, 3) && V.isFirst(4) && V.isLast(4));
    assertFalse(V.holds(5, 3) || V.isFirst(5) || V.isLast(5));
    assertEquals(1, V.peer(5, 0));
    assertEquals(List.of(4, 5), V.replica(5));
    assertEquals(List.of(0, 1, 2, 3, 4, 5), V.all());
  }

  @Test
  void rowsGoToTheEndsOfEveryReplica() {
    assertEquals(
        new RowEnds(6, List.of(0, 2, 4), List.of(List.of(0), List.of(2), List.of(4))),
        V.rowEnds(Set.of(V.stages() - 1)));
    Topology straight = Topology.of(2, Schedules.generate("1f1b", 3, 4));
    assertEquals(
        new RowEnds(6, List.of(0, 3), List.of(List.of(2), List.of(5))),
        straight.rowEnds(Set.of(2)));
  }

  @Test
  void labelsGoToEveryRankThatReadsThemAndToNoneTwice() {
    Topology straight = Topology.of(2, Schedules.generate("1f1b", 3, 4));
    assertEquals(List.of(List.of(1, 2), List.of(4, 5)), straight.rowEnds(Set.of(1, 2)).labels());
    Topology folded = Topology.of(1, Schedules.generate("zb-v", 2, 4));
    assertEquals(List.of(List.of(0)), folded.rowEnds(Set.of(0, 3)).labels());
    assertEquals(List.of(List.of(0, 1)), folded.rowEnds(Set.of(2, 3)).labels());
  }
}
