package io.penstock.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;

class MedianTest {
  @Test
  void theMiddleInWhateverOrder() {
    assertEquals(2, Median.of(9, 1, 2));
    assertEquals(3, Median.of(List.of("a", "bbbbb", "ccc"), String::length));
  }

  @Test
  void betweenTheTwoInTheMiddle() {
    assertEquals(1.5, Median.of(7, 1, 2, -3));
  }

  @Test
  void nothingHasNoMedian() {
    assertThrows(IllegalArgumentException.class, () -> Median.of());
  }
}
