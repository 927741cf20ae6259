package io.penstock.event;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.penstock.train.RankTimes;
import java.util.List;
import org.junit.jupiter.api.Test;

class EpochCompletedTest {
  private static final RankTimes TIMES =
      new RankTimes(2, 1.5, 0.25, 0.125, 0, 10, 20, 0, 0, 0, 30, 40L);

  @Test
  void aLineTellsAnEpoch() {
    EpochCompleted event =
        new EpochCompleted("run", 9, 0, 5, 100, 0.5, null, 2, 50, 0.125, List.of(TIMES));
    assertEquals("epoch 1 of 5: loss 0.500000, 50 rows/s, bubble 12.5 %", event.line());
  }

  @Test
  void aRankIsBusyForAShareOfTheSlowestRanksTime() {
    EpochCompleted event =
        new EpochCompleted("run", 9, 0, 5, 100, 0.5, null, 3, 50, 0.125, List.of(TIMES, TIMES));
    assertEquals(List.of(0.5, 0.5), event.busy());
  }
}
