package io.penstock.schedule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.schedule.generate.Schedules;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class LoweringTest {
  static Stream<Arguments> sizes() {
    return Plans.sizes();
  }

  @Test
  void theSenderWritesThePeersReceive() {
    Schedule lowered = Lowering.lower(Plans.SMALL);
    assertEquals("0F0 0SEND_F0 0F1 0SEND_F1 0RECV_B0 0B0 0RECV_B1 0B1", Plans.row(lowered, 0));
    assertEquals("1RECV_F0 1RECV_F1 1F0 1B0 1SEND_B0 1F1 1B1 1SEND_B1", Plans.row(lowered, 1));
  }

  @ParameterizedTest
  @MethodSource("sizes")
  void everyGeneratedScheduleCanBeRunBeforeAndAfter(String id, int ranks, int microBatches) {
    Schedule schedule = Schedules.generate(id, ranks, microBatches);
    Schedule lowered = Lowering.lower(schedule);
    Peaks peaks = Verifier.verify(schedule);
    assertEquals(peaks.activations(), Verifier.verify(lowered).activations());
    assertEquals(peaks.frames(), Verifier.verify(lowered).frames());
    long links =
        IntStream.range(1, schedule.stages())
            .filter(stage -> schedule.rankOf(stage - 1) != schedule.rankOf(stage))
            .count();
    int ends = schedule.isForwardOnly() ? 2 : 4; // Send and receive, forward and back.
    long moves =
        lowered.ranks().stream()
            .flatMap(List::stream)
            .filter(action -> !action.kind().isCompute())
            .count();
    assertEquals(ends * links * microBatches, moves);
  }

  @ParameterizedTest
  @MethodSource("sizes")
  void computeKeepsItsOrder(String id, int ranks, int microBatches) {
    Schedule schedule = Schedules.generate(id, ranks, microBatches);
    assertEquals(compute(schedule), compute(Lowering.lower(schedule)));
  }

  private static List<List<Action>> compute(Schedule schedule) {
    return schedule.ranks().stream()
        .map(rank -> rank.stream().filter(action -> action.kind().isCompute()).toList())
        .toList();
  }

  @Test
  void neighbouringStagesOnOneRankNeedNoMovement() {
    Schedule lowered = Lowering.lower(Plans.ZB_V);
    Verifier.verify(lowered);
    List<Action> second = lowered.ranks().get(1);
    assertFalse(second.contains(Action.parse("1SEND_F0")));
    assertFalse(second.contains(Action.parse("2RECV_F0")));
    assertTrue(second.contains(Action.parse("2SEND_F0")));
  }

  @Test
  void theInputHalfOfABackwardIsSentAtOnce() {
    List<Action> second = Lowering.lower(Plans.ZB_V).ranks().get(1);
    int sent = second.indexOf(Action.parse("1SEND_B0"));
    assertEquals(Action.parse("1I0"), second.get(sent - 1));
  }

  @Test
  void aLoweredScheduleStaysAsItIs() {
    Schedule lowered = Lowering.lower(Plans.SMALL);
    assertEquals(lowered, Lowering.lower(lowered));
  }

  @Test
  void aSendMayPartAnOverlappedPair() {
    Schedule lowered =
        Lowering.lower(ScheduleText.parse("x", "0F0,(0F1;0B0)OVERLAP_F_B,0B1\n1F0,1B0,1F1,1B1"));
    assertEquals("0F0 0SEND_F0 0F1 0SEND_F1 0RECV_B0 0B0 0RECV_B1 0B1", Plans.row(lowered, 0));
    assertEquals(Set.of(), lowered.overlapped());
  }

  @Test
  void aLoweredScheduleIsVerifiedToo() {
    Schedule neverSent = Plans.of("0F0 0RECV_B0 0B0", "1RECV_F0 1F0 1B0 1SEND_B0");
    assertThrows(InvalidScheduleException.class, () -> Lowering.lower(neverSent));
  }

  @Test
  void whatCannotRunIsNotLowered() {
    assertThrows(InvalidScheduleException.class, () -> Lowering.lower(Plans.of("0F0 0F1 0B0")));
  }
}
