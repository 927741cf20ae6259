package io.penstock.schedule.draw;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TimeAxisTest {
  @ParameterizedTest
  @CsvSource({"0.3, 0.5", "1, 1", "1.1, 2", "2.01, 5", "6, 10", "70, 100", "0.0004, 0.0005"})
  void numbersStandAtRoundTimes(double apart, double step) {
    assertEquals(step, TimeAxis.atLeast(apart).step(), step * 1e-9);
  }

  @Test
  void numbersAreAsFarApartAsAskedButNotMuchFarther() {
    for (double apart = 1e-7; apart < 1e7; apart *= 1.37) {
      double step = TimeAxis.atLeast(apart).step();
      assertTrue(apart <= step && step <= 2.5 * apart * (1 + 1e-9), step + " for " + apart);
    }
  }

  @Test
  void theyRunFromZeroToTheDuration() {
    assertArrayEquals(new double[] {0, 2, 4, 6}, new TimeAxis(2).ticks(7.9).toArray());
    assertArrayEquals(new double[] {0}, TimeAxis.atLeast(0).ticks(0).toArray());
  }

  @Test
  void numbersHaveNoIdleDigitsAndNoExponent() {
    assertEquals("0", TimeAxis.number(0));
    assertEquals("0", TimeAxis.number(-0.0));
    assertEquals("1200000", TimeAxis.number(1.2e6));
    assertEquals("0.3", TimeAxis.number(0.1 + 0.2));
    assertEquals("0.0000125", TimeAxis.number(1.25e-5));
  }
}
