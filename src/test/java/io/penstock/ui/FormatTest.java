package io.penstock.ui;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class FormatTest {
  @Test
  void bytesHaveTheLargestUnitBelowThem() {
    assertEquals("1023 B", Format.bytes(1023));
    assertEquals("1.0 KiB", Format.bytes(1024));
    assertEquals("1.5 GiB", Format.bytes(1.5 * (1 << 30)));
  }

  @Test
  void durationsReadAtAnyLength() {
    assertEquals("12 µs", Format.duration(12e-6));
    assertEquals("1.50 ms", Format.duration(1.5e-3));
    assertEquals("250 ms", Format.duration(0.25));
    assertEquals("59.9 s", Format.duration(59.9));
    assertEquals("2 min 5 s", Format.duration(125));
    assertEquals("3 h 1 min", Format.duration(3 * 3600 + 61));
  }

  @Test
  void numbersHaveFourDigits() {
    assertEquals("12,346", Format.number(12_345.6));
    assertEquals("123.5", Format.number(123.46));
    assertEquals("0.1235", Format.number(0.12346));
    assertEquals("1.23e-05", Format.number(1.234e-5));
    assertEquals("NaN", Format.number(Double.NaN));
  }

  @Test
  void marksOfAnAxisHaveNoIdleDigits() {
    assertEquals("0.3", Format.mark(3 * 0.1));
    assertEquals("10,000", Format.mark(1e4));
    assertEquals("0", Format.mark(0));
    assertEquals("2e-06", Format.mark(2e-6));
  }
}
