package io.penstock.balance;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class LinearCostTest {
  private static void assertFit(double fixed, double perRow, double[] rows, double... times) {
    LinearCost line = LinearCost.fit(rows, times);
    assertEquals(fixed, line.fixed(), 1e-12);
    assertEquals(perRow, line.perRow(), 1e-12);
  }

  @Test
  void pointsOnALineGiveTheLine() {
    assertFit(3, 2, new double[] {1, 4, 10}, 5, 11, 23);
    assertEquals(8, new LinearCost(3, 2).at(2.5));
  }

  @Test
  void scatterIsAveraged() {
    assertFit(1, 1, new double[] {1, 1, 3, 3}, 1.5, 2.5, 3.5, 4.5);
  }

  @Test
  void aTimeThatFallsWithTheRowsIsTakenAsFixed() {
    assertFit(4, 0, new double[] {1, 2}, 5, 3);
  }

  @Test
  void aTimeThatWouldBeNegativeWithoutRowsIsTakenAsProportional() {
    assertFit(0, 1.6, new double[] {1, 2}, 0, 4);
  }
}
