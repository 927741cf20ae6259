package io.penstock.schedule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class SpanTest {
  private static final Action ACTION = Action.parse("0F0");

  @Test
  void itTakesTheTimeFromStartToEnd() {
    assertEquals(1.5, new Span(ACTION, 2, 3.5).duration());
    assertEquals(0, new Span(ACTION, -1, -1).duration());
  }

  @Test
  void itCannotEndBeforeItStarts() {
    assertThrows(IllegalArgumentException.class, () -> new Span(ACTION, 2, 1));
    assertThrows(IllegalArgumentException.class, () -> new Span(ACTION, 0, Double.NaN));
    assertThrows(IllegalArgumentException.class, () -> new Span(ACTION, 0, 1.0 / 0));
  }
}
