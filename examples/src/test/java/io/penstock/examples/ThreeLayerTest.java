package io.penstock.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.penstock.schedule.Action;
import io.penstock.schedule.Span;
import io.penstock.schedule.draw.Timeline;
import java.util.List;
import org.junit.jupiter.api.Test;

class ThreeLayerTest {
  private static Span span(String action, double start, double end) {
    return new Span(Action.parse(action), start, end);
  }

  @Test
  void actionsStandWhereTheyRanCountedFromOne() {
    Timeline step =
        new Timeline(
            "Two stages",
            "ms",
            List.of(
                List.of(span("0F0", 0, 5), span("0F1", 5, 9), span("0B0", 15, 20)),
                List.of(span("1F0", 5, 10), span("1B0", 10, 15))));
    assertEquals(
        """
        Two stages. 20.0 ms
        stage 1  F11--F12-......B11==
        stage 2  .....F21--B21==.....
                 |0 ms     |10
        """,
        ThreeLayer.picture(step, 1));
  }
}
