package io.penstock.gpucheck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class NormalTest {
  /** Abramowitz and Stegun, table 26.1. */
  @Test
  void theShareBelowIsThatOfTables() {
    assertEquals(0.5, Normal.below(0), 1e-15);
    assertEquals(0.841344746068543, Normal.below(1), 1e-14);
    assertEquals(0.022750131948179, Normal.below(-2), 1e-14);
    assertEquals(2.866515719e-7, Normal.below(-5), 1e-15);
    assertEquals(9.865876450e-10, Normal.below(-6), 1e-18);
  }

  @Test
  void itIsTheDensitysIntegralWhereTheWayOfComputingChanges() {
    for (double x : new double[] {-5, 5}) {
      double step = 1e-4;
      double slope = (Normal.below(x + step) - Normal.below(x - step)) / (2 * step);
      assertEquals(Normal.density(x), slope, 1e-6 * Normal.density(x) + 1e-12);
    }
  }

  @Test
  void whatIsNoNumberStaysSo() {
    assertTrue(Double.isNaN(Normal.below(Double.NaN)));
    assertEquals(1, Normal.below(Double.POSITIVE_INFINITY));
    assertEquals(0, Normal.below(Double.NEGATIVE_INFINITY));
  }
}
