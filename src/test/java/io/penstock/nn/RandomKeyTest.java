package io.penstock.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import org.junit.jupiter.api.Test;

class RandomKeyTest {
  @Test
  void numbersAreThoseOfSplitMix64() {
    // The published generator's first two numbers from seed 0.
    RandomKey key = new RandomKey(0);
    assertEquals((0xE220A8397B1DCDAFL >>> 11) * 0x1p-53, key.uniform(0), 0);
    assertEquals((0x6E789E6AA1B965F4L >>> 11) * 0x1p-53, key.uniform(1), 0);
  }

  @Test
  void theOrderOfAKeysPartsCounts() {
    assertNotEquals(RandomKey.of(1, 2), RandomKey.of(2, 1));
    assertNotEquals(RandomKey.of(1), RandomKey.of(1, 0));
  }

  @Test
  void numbersAreUniform() {
    RandomKey key = RandomKey.of(42);
    double sum = 0;
    double squares = 0;
    for (int i = 0; i < 100_000; i++) {
      double u = key.uniform(i);
      sum += u;
      squares += u * u;
    }
    assertEquals(1.0 / 2, sum / 100_000, 0.003);
    assertEquals(1.0 / 3, squares / 100_000, 0.003);
  }
}
