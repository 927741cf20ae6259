package io.penstock.ui.tab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class TicksTest {
  @Test
  void marksAreRoundAndSpanTheValues() {
    assertEquals(List.of(0.0, 2.0, 4.0, 6.0, 8.0, 10.0), Ticks.over(1, 9, 4, 0).values());
    assertEquals(List.of(0.0, 50.0, 100.0, 150.0), Ticks.over(0, 123, 4, 0).values());
  }

  @Test
  void equalValuesHaveAnAxisToo() {
    for (double value : new double[] {0, 1, -3, 1e9, 1e-12}) {
      Ticks ticks = Ticks.over(value, value, 4, 0);
      assertTrue(ticks.first() <= value && value <= ticks.last(), ticks.toString());
      assertTrue(ticks.first() < ticks.last(), ticks.toString());
    }
  }

  @Test
  void epochsAreWhole() {
    assertEquals(List.of(1.0, 2.0, 3.0), Ticks.over(1, 3, 6, 1).values());
  }

  @Test
  void nothingIsMarkedAboveTheMost() {
    assertEquals(1, Ticks.over(0.5, 1, 4, 0).upTo(1).last());
    assertEquals(List.of(0.0, 0.5, 1.0), Ticks.over(0, 0.9, 2, 0).upTo(1).values());
  }
}
