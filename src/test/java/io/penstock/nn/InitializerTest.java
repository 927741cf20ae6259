package io.penstock.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class InitializerTest {
  @Test
  void boundsGiveTheVariance() {
    Initializer init = Initializer.scaled(50, Math.sqrt(2));
    double width = init.high() - init.low();
    assertEquals(2.0 / 50, width * width / 12, 1e-15);
  }

  @Test
  void aConstantIsExact() {
    assertEquals(0.1, Initializer.constant(0.1).value(RandomKey.of(1), 5), 0);
  }

  @Test
  void boundsMustBeInOrderAndFinite() {
    assertThrows(IllegalArgumentException.class, () -> new Initializer(1, 0));
    assertThrows(IllegalArgumentException.class, () -> new Initializer(Double.NaN, 0));
    assertThrows(
        IllegalArgumentException.class, () -> new Initializer(0, Double.POSITIVE_INFINITY));
  }
}
