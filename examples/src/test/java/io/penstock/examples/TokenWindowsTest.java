package io.penstock.examples;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class TokenWindowsTest {
  @Test
  void everyIdButTheFirstIsToldOnceAndTheLastWindowMayBeShort() {
    Vocabulary vocabulary = Vocabulary.of("abcdefg");
    TokenWindows windows = new TokenWindows(vocabulary.ids("abcdef?"), 4);
    assertEquals(8, vocabulary.size());
    assertEquals(2, windows.count());
    assertArrayEquals(new int[] {1, 2, 3, 4}, windows.window(0));
    assertArrayEquals(new int[] {2, 3, 4, 5}, windows.next(0));
    assertArrayEquals(new int[] {5, 6}, windows.window(1));
    assertArrayEquals(new int[] {6, 0}, windows.next(1));
    assertEquals('g', vocabulary.character(7));
  }

  @Test
  void aTextThatFillsItsWindowsHasNoEmptyOne() {
    TokenWindows windows = new TokenWindows(new int[] {1, 2, 3, 4, 5}, 2);
    assertEquals(2, windows.count());
    assertArrayEquals(new int[] {4, 5}, windows.next(1));
  }
}
