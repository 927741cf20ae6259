package io.penstock.schedule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.schedule.generate.Schedules;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class MiniBatchEndTest {
  private static final String RANK_0 = "0F0 0F1 0B0 0B1";
  private static final String RANK_1 = "1F0 1B0 1F1 1B1";

  static Stream<Arguments> sizes() {
    return Plans.sizes();
  }

  private static void adds(UnaryOperator<Schedule> pass, String toRank0, String toRank1) {
    Schedule with = pass.apply(Plans.SMALL);
    assertEquals((RANK_0 + " " + toRank0).strip(), Plans.row(with, 0));
    assertEquals((RANK_1 + " " + toRank1).strip(), Plans.row(with, 1));
    Verifier.verify(with);
    assertEquals(Plans.SMALL, MiniBatchEnd.without(with));
    assertEquals(with, ScheduleText.parse("test", ScheduleText.format(with)));
  }

  @Test
  void everyPassAddsItsActionsBehindAllElse() {
    adds(MiniBatchEnd::reduceScatter, "0REDUCE_SCATTER", "1REDUCE_SCATTER");
    adds(MiniBatchEnd::allGather, "0ALL_GATHER", "1ALL_GATHER");
    adds(with -> MiniBatchEnd.tiedGradients(with, Set.of(0, 1)), "0TIED_GRAD", "1TIED_GRAD");
    adds(MiniBatchEnd::check, "0CHECK", "1CHECK");
    adds(MiniBatchEnd::clip, "0CLIP", "1CLIP");
    adds(MiniBatchEnd::update, "0UPDATE", "1UPDATE");
    adds(with -> MiniBatchEnd.tiedWeights(with, Set.of(0)), "0TIED_WEIGHT", "");
    adds(MiniBatchEnd::losses, "", "1LOSS");
  }

  @Test
  void ofARanksStagesTheLastComesFirstAndAllAgreeOnce() {
    Schedule with = MiniBatchEnd.update(MiniBatchEnd.clip(Plans.ZB_V));
    assertTrue(Plans.row(with, 0).endsWith("0W3 0CLIP 3UPDATE 0UPDATE"), Plans.row(with, 0));
    assertTrue(Plans.row(with, 1).endsWith("1W3 1CLIP 2UPDATE 1UPDATE"), Plans.row(with, 1));
  }

  @ParameterizedTest
  @MethodSource("sizes")
  void everyScheduleCanBeRunWithEveryEnd(String id, int ranks, int microBatches) {
    Schedule schedule = Lowering.lower(Schedules.generate(id, ranks, microBatches));
    if (schedule.isForwardOnly()) {
      return;
    }
    Set<Integer> tied = new TreeSet<>(List.of(0, schedule.stages() - 1));
    Schedule whole = MiniBatchEnd.allGather(MiniBatchEnd.reduceScatter(schedule));
    whole = MiniBatchEnd.check(MiniBatchEnd.tiedGradients(whole, tied));
    whole = MiniBatchEnd.update(MiniBatchEnd.clip(whole));
    whole = MiniBatchEnd.losses(MiniBatchEnd.tiedWeights(whole, Set.of(0)));
    assertEquals(Verifier.verify(schedule), Verifier.verify(whole));
    Verifier.verify(whole.first(1));
    double alone = Simulator.simulate(schedule, Costs.even(schedule.stages(), 1, 1, 1)).makespan();
    Costs costs =
        Costs.even(schedule.stages(), 1, 1, 1)
            .withUpdate(Collections.nCopies(schedule.stages(), 1.0));
    double updated = Simulator.simulate(whole, costs).makespan();
    int most = schedule.stages() / schedule.ranks().size();
    assertEquals(alone + most, updated, 1e-9); // in step, for the norm has all wait
  }

  private static void refuses(String problem, String... rows) {
    Schedule wrong = Plans.of(rows);
    var e = assertThrows(InvalidScheduleException.class, () -> Verifier.verify(wrong));
    assertTrue(e.getMessage().contains(problem), e.getMessage());
  }

  @Test
  void anEndThatIsIncompleteOrOutOfOrderIsRefused() {
    refuses("1UPDATE is missing", RANK_0 + " 0UPDATE", RANK_1);
    refuses("rank 1 has no CLIP", RANK_0 + " 0CLIP", RANK_1);
    refuses("0UPDATE comes before 0B1", "0F0 0F1 0B0 0UPDATE 0B1", RANK_1 + " 1UPDATE");
    refuses("0UPDATE comes before 0CLIP", RANK_0 + " 0UPDATE 0CLIP", RANK_1 + " 1CLIP 1UPDATE");
    refuses(
        "0ALL_GATHER comes before 0REDUCE_SCATTER",
        RANK_0 + " 0ALL_GATHER 0REDUCE_SCATTER",
        RANK_1 + " 1REDUCE_SCATTER 1ALL_GATHER");
    refuses("0UPDATE is done twice", RANK_0 + " 0UPDATE 0UPDATE", RANK_1 + " 1UPDATE");
    refuses("rank 0 agrees with the others once", "0F0 2F0 2B0 0B0 0CLIP 2CLIP", "1F0 1B0 1CLIP");
  }

  @Test
  void agreementsThatCrossAreRefused() {
    refuses("1CLIP comes before 1CHECK", RANK_0 + " 0CHECK 0CLIP", RANK_1 + " 1CLIP 1CHECK");
  }

  @Test
  void replicasExchangeBesideTheBackwardAndBehindIt() {
    Schedule with = MiniBatchEnd.allGather(MiniBatchEnd.reduceScatter(Plans.SMALL));
    with = MiniBatchEnd.update(with);
    Costs costs =
        Costs.even(2, 1, 1, 0)
            .withUpdate(List.of(1.0, 1.0))
            .withReplicas(new ReplicaCosts(2, List.of(4.0, 6.0), new LinkCost(0.5, 2)));
    Simulation run = Simulator.simulate(with, costs);
    // Each way half of 4 and of 6 go, at 2 a time: 1 and 1.5, and 0.5 until they are there. The
    // second rank is done at 5 and sends beside the backward of the first, which is done at 6.
    assertEquals(new Span(Action.parse("1UPDATE"), 5 + 4, 10), last(run, 1));
    assertEquals(new Span(Action.parse("0UPDATE"), 6 + 3, 10), last(run, 0));
    assertEquals(6 + 1, Simulator.simulate(with, costs.withReplicas(ReplicaCosts.NONE)).makespan());
  }

  private static Span last(Simulation run, int rank) {
    return run.spans().get(rank).get(run.spans().get(rank).size() - 1);
  }
}
