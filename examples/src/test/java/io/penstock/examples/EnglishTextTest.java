package io.penstock.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class EnglishTextTest {
  @Test
  void everyTenthDifferentLineIsHeldBack() {
    List<String> lines = IntStream.range(0, 40).mapToObj(i -> "line " + i / 2).toList();
    EnglishText text = EnglishText.of(lines);
    assertEquals("line 9\nline 19\n", text.heldBack());
    assertEquals(18, text.train().lines().count());
    assertThrows(IllegalArgumentException.class, () -> EnglishText.of(List.of("a", "a", "b")));
  }

  @Test
  void sparksMessagesShareNoLine() throws Exception {
    EnglishText text = EnglishText.sparkMessages();
    assertTrue(text.train().length() > 100_000, "only " + text.train().length());
    Set<String> train = Set.copyOf(Arrays.asList(text.train().split("\n")));
    assertFalse(text.heldBack().lines().anyMatch(train::contains));
  }
}
