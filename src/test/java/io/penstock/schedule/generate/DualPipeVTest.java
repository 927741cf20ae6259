package io.penstock.schedule.generate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.schedule.Plans;
import io.penstock.schedule.Schedule;
import io.penstock.schedule.ScheduleText;
import io.penstock.schedule.Verifier;
import io.penstock.schedule.draw.Spans;
import java.util.Collections;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DualPipeVTest {
  @Test
  void forwardsOverlapBackwardsInTheMainPart() {
    assertEquals(
        "0F0 0F1 0F2 3F0 3I0 3W0 3F1 (0F3;3B1) (3F2;0B0) 3B2 (3F3;0B1) 3B3 0I2 0W2 0I3 0W3\n"
            + "1F0 2F0 1F1 2F1 1F2 2B0 (2F2;1B0) (1F3;2B1) (2F3;1B1) 2B2 1B2 2I3 1I3 2W3 1W3\n",
        ScheduleText.format(new DualPipeV().generate(2, 4))
            .replace("OVERLAP_F_B", "")
            .replace(',', ' '));
  }

  @Test
  void theSecondHalfOfTheLastBackwardsIsInputOnly() {
    Schedule schedule = new DualPipeV().generate(4, 9);
    assertEquals(
        "2F0 2F1 2F2 5F0 2F3 5F1 2F4 5F2 5I0 5W0 5F3 2F5 5B1 5F4 2B0 2F6 5B2 5F5 2B1 2F7 5B3 5F6"
            + " 2B2 2F8 5B4 5F7 2B3 5B5 5F8 2B4 5B6 2B5 5B7 2I6 5I8 2I7 2W6 2I8 5W8 2W7 2W8",
        Plans.row(schedule, 2));
    assertTrue(Plans.row(schedule, 3).endsWith("4B5 3B5 4B6 3B6 4I7 3I7 4I8 3I8 4W7 3W7 4W8 3W8"));
  }

  @Test
  void fewerMicroBatchesThanTwiceTheRanksAreAnsweredWithHowManyWouldDo() {
    for (int p = 1; p <= 4; p++) {
      int ranks = p;
      var e =
          assertThrows(
              IllegalArgumentException.class,
              () -> Schedules.generate("dualpipe-v", ranks, 2 * ranks - 1));
      assertTrue(
          e.getMessage().contains("takes at least " + 2 * p + " micro-batches"), e::toString);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 8})
  void withoutOverlapItTakesAsLongAsZbVAndTheActivationsOfOneStageMore(int p) {
    for (int m = 2 * p; m <= 5 * p; m++) {
      Schedule schedule = new DualPipeV().generate(p, m);
      assertEquals(3 * m + (p - 1) / 2.0, Spans.of(schedule, 0).makespan());
      assertEquals(Collections.nCopies(p, 2 * p + 1), Verifier.verify(schedule).activations());
    }
  }
}
