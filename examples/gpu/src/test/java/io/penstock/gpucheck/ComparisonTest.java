package io.penstock.gpucheck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class ComparisonTest {
  private static double error(double device, double reference) {
    return Comparison.of(List.of(new double[] {2, device}), List.of(new double[] {2, reference}))
        .error();
  }

  @Test
  void anErrorIsAShareOfTheArraysLargestNumber() {
    assertEquals(0.05, error(1.1, 1), 1e-12);
    assertEquals(0, error(-1, -1));
  }

  @Test
  void whatIsNoNumberHasToBeTheSame() {
    assertEquals(0, error(Double.NaN, Double.NaN));
    assertEquals(0, error(Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY));
    assertEquals(Double.POSITIVE_INFINITY, error(Double.NaN, 1));
    assertEquals(Double.POSITIVE_INFINITY, error(1, Double.NaN));
    assertEquals(
        Double.POSITIVE_INFINITY, error(Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY));
  }

  @Test
  void theWorstOfAllArraysIsNamedByItsPlace() {
    Comparison worst =
        Comparison.of(
            List.of(new double[] {1, 1.25}, new double[] {4, 7}),
            List.of(new double[] {1, 1}, new double[] {4, 4}));
    assertEquals(0.75, worst.error());
    assertTrue(worst.where().contains("array 1, number 1: 7.0, not 4.0"), worst::where);
  }

  @Test
  void equalBitsTellZerosApart() {
    assertTrue(Comparison.equal(List.of(new double[] {0}), List.of(new double[] {0})));
    assertFalse(Comparison.equal(List.of(new double[] {0}), List.of(new double[] {-0.0})));
    assertFalse(Comparison.equal(List.of(new double[] {0}), List.of()));
  }

  @Test
  void aDistanceWithSomethingThatIsNoNumberIsNone() {
    double[] ones = {1, 1};
    assertEquals(0, Comparison.distance(ones, ones));
    assertEquals(1, Comparison.distance(new double[] {0, 0}, ones));
    assertTrue(Double.isNaN(Comparison.distance(new double[] {Double.NaN, 1}, ones)));
  }
}
