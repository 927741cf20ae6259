package io.penstock.schedule.generate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.schedule.Action;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class BuildingBlockTest {
  private static String text(List<Action> actions) {
    return actions.stream().map(Action::toString).collect(Collectors.joining(" "));
  }

  @Test
  void aBlockIsRepeatedForEveryMicroBatch() {
    var block = new BuildingBlock(2, 1, 0, 0);
    assertEquals("0F0 3F0 3I0 0F1 0I0 3F1 3I1 0I1", text(block.actions(0, 2)));
    assertEquals("1F0 2F0 2I0 1I0 1F1 2F1 2I1 1I1", text(block.actions(1, 2)));
  }

  @Test
  void twoActionsInOneSlotAreRefusedWithARemedy() {
    var e = assertThrows(IllegalArgumentException.class, () -> new BuildingBlock(3, 1, 0, 0));
    assertTrue(e.getMessage().contains("lengthen a pause"), e.getMessage());
  }

  @Test
  void tooFewActivationsForAnOrderAreRefusedWithTheActionThatNeedsMore() {
    var block = new BuildingBlock(2, 1, 0, 0);
    var e = assertThrows(IllegalArgumentException.class, () -> block.repeated("tight", 4, 1));
    assertTrue(e.getMessage().contains("allow more"), e.getMessage());
  }
}
