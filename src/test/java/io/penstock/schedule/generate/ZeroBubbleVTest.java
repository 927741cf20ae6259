package io.penstock.schedule.generate;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.penstock.schedule.Plans;
import io.penstock.schedule.Schedule;
import io.penstock.schedule.Verifier;
import io.penstock.schedule.draw.Spans;
import java.util.Collections;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ZeroBubbleVTest {
  @Test
  void everyActionStandsWhereThePaperHasIt() {
    assertEquals(Plans.ZB_V.ranks(), new ZeroBubbleV().generate(2, 4).ranks());
  }

  @Test
  void aRankHoldsOneStageOnTheWayDownAndOneOnTheWayUp() {
    Schedule schedule = new ZeroBubbleV().generate(4, 8);
    for (int rank = 0; rank < 4; rank++) {
      assertEquals(rank, schedule.rankOf(rank));
      assertEquals(rank, schedule.rankOf(7 - rank));
    }
  }

  @Test
  void fewerMicroBatchesAreTheFirstOfEnough() {
    for (int ranks = 1; ranks <= 6; ranks++) {
      Schedule enough = new ZeroBubbleV().generate(ranks, 2 * ranks - 1);
      for (int m = 1; m < 2 * ranks; m++) {
        Schedule schedule = new ZeroBubbleV().generate(ranks, m);
        assertEquals(enough.first(m), schedule);
        Verifier.verify(schedule);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 8})
  void fromTwiceAsManyMicroBatchesAsRanksLessOneOnTheClosedFormsHold(int p) {
    for (int m = 2 * p - 1; m <= 5 * p; m++) {
      Schedule schedule = new ZeroBubbleV().generate(p, m);
      assertEquals(3 * m + (p - 1) / 2.0, Spans.of(schedule, 0).makespan());
      assertEquals(Collections.nCopies(p, 2 * p), Verifier.verify(schedule).activations());
    }
  }
}
