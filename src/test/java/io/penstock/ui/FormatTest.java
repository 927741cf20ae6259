package io.penstock.ui;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class WordsTest {
  @Test
  void bytesHaveTheLargestUnitBelowThem() {
    assertEquals("1023 B", Words.bytes(1023));
    assertEquals("1.0 KiB", Words.bytes(1024));
    assertEquals("1.5 GiB", Words.bytes(1.5 * (1 << 30)));
  }

  @Test
  void durationsReadAtAnyLength() {
    assertEquals("12 µs", Words.duration(12e-6));
    assertEquals("1.50 ms", Words.duration(1.5e-3));
    assertEquals("250 ms", Words.duration(0.25));
    assertEquals("59.9 s", Words.duration(59.9));
    assertEquals("2 min 5 s", Words.duration(125));
    assertEquals("3 h 1 min", Words.duration(3 * 3600 + 61));
  }

  @Test
  void numbersHaveFourDigits() {
    assertEquals("12,346", Words.number(12_345.6));
    assertEquals("123.5", Words.number(123.46));
    assertEquals("0.1235", Words.number(0.12346));
    assertEquals("1.23e-05", Words.number(1.234e-5));
    assertEquals("NaN", Words.number(Double.NaN));
  }

  @Test
  void marksOfAnAxisHaveNoIdleDigits() {
    assertEquals("0.3", Words.mark(3 * 0.1));
    assertEquals("10,000", Words.mark(1e4));
    assertEquals("0", Words.mark(0));
    assertEquals("2e-06", Words.mark(2e-6));
  }
}
