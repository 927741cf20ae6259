package io.penstock.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class InitializerTest {
  private static final RandomKey KEY = RandomKey.of(1, 2, 3);

  @Test
  void boundsGiveTheVariance() {
    UniformWeights init = (UniformWeights) Initializer.scaled(50, Math.sqrt(2));
    double width = init.high() - init.low();
    assertEquals(2.0 / 50, width * width / 12, 1e-15);
  }

  @Test
  void aConstantIsExact() {
    assertEquals(0.1, Initializer.constant(0.1).value(RandomKey.of(1), 5), 0);
  }

  @Test
  void normalWeightsHaveTheMomentsOfANormalDistribution() {
    int count = 200_000;
    double[] sums = new double[5];
    for (int i = 0; i < count; i++) {
      double x = Initializer.normal(2).value(KEY, i) / 2;
      for (int power = 1; power <= 4; power++) {
        sums[power] += Math.pow(x, power) / count;
      }
    }
    assertEquals(0, sums[1], 0.01);
    assertEquals(1, sums[2], 0.02);
    assertEquals(0, sums[3], 0.04);
    assertEquals(3, sums[4], 0.1);
  }

  @Test
  void normalWeightsAreTheSameBitsOnEveryMachine() {
    // Written down once: another machine, JVM or release must draw the same.
    Initializer normal = Initializer.normal(1);
    assertEquals(-0.4875226229071699, normal.value(KEY, 0), 0);
    assertEquals(-1.2259745718240413, normal.value(KEY, 1_000_000_007L), 0);
  }

  @Test
  void theIdentityHasOnesOnItsDiagonal() {
    Initializer identity = Initializer.identity(3);
    for (int i = 0; i < 9; i++) {
      assertEquals(i % 4 == 0 ? 1 : 0, identity.value(KEY, i), 0);
    }
  }

  @Test
  void boundsMustBeInOrderAndFinite() {
    assertThrows(IllegalArgumentException.class, () -> Initializer.uniform(1, 0));
    assertThrows(IllegalArgumentException.class, () -> Initializer.uniform(Double.NaN, 0));
    assertThrows(
        IllegalArgumentException.class, () -> Initializer.uniform(0, Double.POSITIVE_INFINITY));
    assertThrows(IllegalArgumentException.class, () -> Initializer.normal(0));
    assertThrows(IllegalArgumentException.class, () -> Initializer.identity(0));
  }
}
