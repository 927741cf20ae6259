package io.penstock.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.schedule.Action;
import org.junit.jupiter.api.Test;

class RankPositionTest {
  private final RankPosition position = new RankPosition();

  private void assertMovesTo(String words, Runnable move) {
    long before = position.moves();
    move.run();
    assertEquals(words, position.toString());
    assertTrue(position.moves() > before);
  }

  @Test
  void everyPartOfAStepIsAMoveAndHasItsWords() {
    assertEquals("before the first step", position.toString());
    assertMovesTo("step 3 of epoch 1, before its actions", () -> position.begin("", 0, 2));
    assertMovesTo("step 3 of epoch 1, action 1F2", () -> position.begin(Action.parse("1F2")));
    assertMovesTo("step 3 of epoch 1, after its actions", position::endActions);
    assertMovesTo(
        "step 1 of validation of epoch 4, before its actions",
        () -> position.begin(" of validation", 3, 0));
  }
}
