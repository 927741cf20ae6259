package io.penstock.schedule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.schedule.generate.Schedules;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class VerifierTest {
  private static void refuses(Schedule schedule, String problem, String mark) {
    var e = assertThrows(InvalidScheduleException.class, () -> Verifier.verify(schedule));
    assertTrue(e.getMessage().contains("schedule test: " + problem), e.getMessage());
    assertTrue(e.getMessage().contains(mark), e.getMessage());
    assertTrue(e.getMessage().contains("rank 0"), e.getMessage());
  }

  /** The lowered small schedule with a text replaced on every rank. */
  private static Schedule lowered(String what, String by) {
    Schedule right = Lowering.lower(Plans.SMALL);
    String text = ScheduleText.format(right);
    assertTrue(text.contains(what), text);
    return ScheduleText.parse("test", text.replace(what, by));
  }

  @Test
  void aRankWithoutAPlanIsRefused() {
    refuses(Plans.of("0F0 0B0", ""), "rank 1 has no plan", ">rank 1<");
  }

  @Test
  void aMissingForwardIsRefused() {
    refuses(Plans.of("0F0 0B0 0B1"), "0F1 is missing", ">rank 0<");
  }

  @Test
  void aMissingBackwardIsRefused() {
    refuses(Plans.of("0F0 0F1 0B1"), "0B0 is missing", ">rank 0<");
  }

  @Test
  void countsThatDifferAreRefused() {
    refuses(Plans.of("0F0 0F1 0B0 0B1", "1F0 1B0 1F1 1B1 1F2 1B2"), "0F2 is missing", ">rank 0<");
    refuses(Plans.of("0F0 0F1 0B0 0B1", "1F0 1B0"), "1F1 is missing", ">rank 1<");
  }

  @Test
  void forwardsAloneAreAccepted() {
    assertEquals(List.of(1, 1), Verifier.verify(Plans.FORWARD).activations());
    assertEquals(List.of(1, 1), Verifier.verify(Lowering.lower(Plans.FORWARD)).activations());
  }

  @Test
  void oneBackwardAsksForAllTheOthers() {
    refuses(Plans.of("0F0 0F1 2F0 2F1", "1F0 1F1 3F0 3F1 3B0"), "0B0 is missing", ">rank 0<");
    refuses(Plans.of("0F0 0F1", "1F0"), "1F1 is missing", ">rank 1<");
    refuses(Plans.of("0F0 0SEND_B0"), "0B0 is missing", ">rank 0<");
  }

  @Test
  void aStageThatNobodyHoldsIsRefused() {
    Schedule schedule = new Schedule("test", 2, 1, Plans.of("0F0 0B0").ranks());
    refuses(schedule, "1F0 is missing", "rank 0");
  }

  @Test
  void aHalfBackwardIsRefused() {
    refuses(Plans.of("0F0 0I0"), "0W0 is missing", ">rank 0<");
    refuses(Plans.of("0F0 0W0"), "0I0 is missing", ">rank 0<");
  }

  @Test
  void aBackwardWrittenWholeAndInHalvesIsRefused() {
    refuses(Plans.of("0F0 0B0 0I0 0W0"), "0I0 does the backward of 0B0 again", ">0I0<");
    refuses(Plans.of("0F0 0B0 0W0"), "0W0 does the backward of 0B0 again", ">0W0<");
  }

  @Test
  void anActionDoneTwiceIsRefused() {
    refuses(Plans.of("0F0 0F0 0B0"), "0F0 is done twice", ">0F0<");
    refuses(Plans.of("0F0 0B0 0B0"), "0B0 is done twice", ">0B0<");
  }

  @Test
  void aBackwardBeforeItsForwardIsRefused() {
    refuses(Plans.of("0F0 0B1 0B0 0F1"), "0B1 comes before 0F1", ">0B1<");
  }

  @Test
  void aWeightGradientBeforeItsInputHalfIsRefused() {
    refuses(Plans.of("0F0 0W0 0I0"), "0W0 comes before 0I0", ">0W0<");
  }

  @Test
  void aStageOnTwoRanksIsRefused() {
    refuses(Plans.of("0F0 0B0", "0F1 0B1"), "0F1 is on rank 1, but stage 0 is on rank 0", ">0F1<");
  }

  @Test
  void numbersOutOfRangeAreRefused() {
    List<List<Action>> ranks = Plans.SMALL.ranks();
    refuses(new Schedule("test", 2, 1, ranks), "0F1 is of micro-batch 1", ">0F1<");
    refuses(new Schedule("test", 1, 2, ranks), "1F0 is of stage 1", ">1F0<");
  }

  @Test
  void aSendWithoutAReceiveIsRefused() {
    refuses(lowered("1RECV_F1,", ""), "0SEND_F1 has no receive", ">0SEND_F1<");
  }

  @Test
  void aReceiveWithoutASendIsRefused() {
    refuses(lowered("1SEND_B0,", ""), "1B0 is never sent: 1SEND_B0 is missing", ">1B0<");
  }

  @Test
  void movementThatCrossesNoRanksIsRefused() {
    refuses(lowered("0B0,", "0B0,0SEND_B0,"), "0SEND_B0 has no other end", ">0SEND_B0<");
    refuses(lowered("1F0,", "1F0,1SEND_F0,"), "1SEND_F0 has no other end", ">1SEND_F0<");
  }

  @Test
  void aSendBeforeWhatItSendsIsRefused() {
    refuses(lowered("0F0,0SEND_F0", "0SEND_F0,0F0"), "0SEND_F0 comes before 0F0", ">0SEND_F0<");
    refuses(lowered("1B0,1SEND_B0", "1SEND_B0,1B0"), "1SEND_B0 comes before 1B0", ">1SEND_B0<");
  }

  @Test
  void aReceiveAfterItsUseIsRefused() {
    refuses(lowered("0RECV_B0,0B0", "0B0,0RECV_B0"), "0B0 comes before 0RECV_B0", ">0B0<");
  }

  @Test
  void receivesInAnotherOrderThanTheSendsAreRefused() {
    refuses(
        lowered("1RECV_F0,1RECV_F1", "1RECV_F1,1RECV_F0"),
        "1RECV_F1 is received out of order: rank 0 sends 0SEND_F0 first",
        ">1RECV_F1<");
  }

  @Test
  void ranksThatWaitForEachOtherAreRefused() {
    refuses(
        Plans.of("0F0 0B0 0F1 0B1", "1F0 1F1 1B0 1B1"),
        "deadlock: 0B0 waits for 1B0, which stands behind 1F1;"
            + " 1F1 waits for 0F1, which stands behind 0B0",
        ">0B0<");
  }

  @Test
  void stagesOfOneRankThatWaitForEachOtherAreRefused() {
    refuses(
        Plans.of("1F0 0F0 1B0 0B0"),
        "deadlock: 1F0 waits for 0F0, which stands behind 1F0",
        ">1F0<");
  }

  @Test
  void aRankThatOnlyWaitsForTheCircleIsNotBlamed() {
    refuses(
        Plans.of("0F0 0F1 0B0 0B1", "1F0 1B0 1F1 1B1", "2F0 2F1 2B0 2B1"),
        "deadlock: 1B0 waits for 2B0, which stands behind 2F1;",
        ">1B0<");
  }

  private static void refuses(Schedule schedule, int frames, String problem, String mark) {
    var e = assertThrows(InvalidScheduleException.class, () -> Verifier.verify(schedule, frames));
    assertTrue(e.getMessage().contains("schedule test: " + problem), e.getMessage());
    assertTrue(e.getMessage().contains(mark), e.getMessage());
    assertTrue(e.getMessage().contains("rank 1"), e.getMessage());
  }

  @Test
  void ranksThatWaitForRoomOnEachOthersLinksAreRefused() {
    Schedule all =
        Lowering.lower(
            Plans.of(
                "0F0 0F1 0F2 0F3 3F0 3F1 3F2 3F3 3B0 3B1 3B2 3B3 0B0 0B1 0B2 0B3",
                "1F0 2F0 1F1 2F1 1F2 2F2 1F3 2F3 2B0 1B0 2B1 1B1 2B2 1B2 2B3 1B3"));
    refuses(
        all,
        1,
        "deadlock: 0SEND_F3 waits for the room that 1F2 makes, which stands behind 2SEND_F1;"
            + " 2SEND_F1 waits for the room that 3F0 makes, which stands behind 0SEND_F3; links of"
            + " 2 frames would do",
        ">0SEND_F3<");
    assertEquals(Verifier.verify(all), Verifier.verify(all, 2));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -1})
  void linksHoldAFrameAtLeast(int frames) {
    var e =
        assertThrows(IllegalArgumentException.class, () -> Verifier.verify(Plans.SMALL, frames));
    assertTrue(e.getMessage().contains("1 or more"), e.getMessage());
  }

  @Test
  void whatIsWrongWithoutBoundsIsWrongWithThem() {
    refuses(Plans.of("0F0 0B0 0F1 0B1", "1F0 1F1 1B0 1B1"), 9, "deadlock: 0B0", ">0B0<");
  }

  @ParameterizedTest
  @MethodSource("io.penstock.schedule.Plans#sizes")
  void buffersOfItsOwnPeaksAreEnoughForEverySchedule(String id, int ranks, int microBatches) {
    Schedule schedule = Schedules.generate(id, ranks, microBatches);
    for (Schedule plan : List.of(schedule, Lowering.lower(schedule))) {
      Peaks peaks = Verifier.verify(plan);
      assertEquals(peaks, Verifier.verify(plan, peaks));
    }
  }

  /** However large links have to be, the message knows, and less is refused. */
  @Test
  void howManyFramesWouldDoIsTheFewest() {
    int refused = 0;
    for (String id : Schedules.ids()) {
      Schedule lowered = Lowering.lower(Schedules.generate(id, 3, 9));
      int enough = 1;
      try {
        Verifier.verify(lowered, 1);
      } catch (InvalidScheduleException e) {
        refused++;
        Matcher said = Pattern.compile("links of (\\d+) frames would do").matcher(e.getMessage());
        assertTrue(said.find(), e.getMessage());
        enough = Integer.parseInt(said.group(1));
        int fewer = enough - 1;
        assertThrows(InvalidScheduleException.class, () -> Verifier.verify(lowered, fewer), id);
      }
      Verifier.verify(lowered, enough);
      Verifier.verify(lowered, enough + 1);
    }
    assertTrue(refused > 2, "refused " + refused);
  }

  @Test
  void severalStagesOnARankAndSplitBackwardsAreAccepted() {
    Verifier.verify(Plans.ZB_V);
    Verifier.verify(Lowering.lower(Plans.ZB_V));
  }
}
