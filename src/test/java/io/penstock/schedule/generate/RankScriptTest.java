package io.penstock.schedule.generate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.penstock.schedule.Action;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RankScriptTest {
  private static String text(RankScript steps) {
    return String.join(" ", steps.actions().stream().map(Action::toString).toList());
  }

  @Test
  void microBatchesCountThemselvesOnEachStage() {
    assertEquals(
        "1F0 6F0 1F1 6F1 6B0 6I1 1B0",
        text(new RankScript(1, 6).repeat(2, "F0 F1").repeat(1, "B1 I1 B0").repeat(0, "F0")));
  }

  @Test
  void weightGradientsComeOldestFirst() {
    RankScript halves = new RankScript(0, 3).repeat(2, "I1 I0");
    assertEquals("3I0 0I0 3I1 0I1 0W0 3W0 3W1 0W1", text(halves.repeat(1, "W0").repeat(3, "W")));
    assertThrows(IndexOutOfBoundsException.class, () -> halves.repeat(1, "W"));
  }

  @Test
  void pairsAreMarkedByTheirForward() {
    RankScript steps = new RankScript(0, 3).repeat(1, "F0&B1 F1 B0");
    assertEquals("0F0 3B0 3F0 0B0", text(steps));
    assertEquals(Set.of(Action.parse("0F0")), steps.overlapped());
    assertEquals(List.of(), new RankScript(0, 1).actions());
  }
}
