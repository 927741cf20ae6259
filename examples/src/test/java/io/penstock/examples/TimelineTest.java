package io.penstock.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.penstock.train.ActionTime;
import java.util.List;
import org.junit.jupiter.api.Test;

class TimelineTest {
  private static final long MILLI = 1_000_000;

  private static ActionTime time(String action, long startMillis, long endMillis) {
    return new ActionTime(action, 0, startMillis * MILLI, endMillis * MILLI);
  }

  private static final List<List<ActionTime>> TWO_STAGES =
      List.of(
          List.of(time("0F0", 100, 105), time("0F1", 105, 109), time("0B0", 115, 120)),
          List.of(time("1F0", 105, 110), time("1B0", 110, 115)));

  @Test
  void actionsStandWhereTheyRanCountedFromOne() {
    assertEquals(
        """
        stage 1  F11==F12=      B11==
        stage 2       F21==B21==
                 |0.0            |16.0 ms
        """,
        Timeline.of(TWO_STAGES, MILLI).toString());
  }

  @Test
  void aSmallScaleCutsLabelsButKeepsPlaces() {
    assertEquals(
        "stage 1  F1F1   B11",
        Timeline.of(TWO_STAGES, 2 * MILLI).toString().lines().findFirst().orElseThrow());
  }

  @Test
  void aStepLastsFromTheFirstStartToTheLastEnd() {
    assertEquals(20 * MILLI, Timeline.nanos(TWO_STAGES));
  }
}
