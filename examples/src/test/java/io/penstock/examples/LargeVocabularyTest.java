package io.penstock.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class LargeVocabularyTest {
  private static List<String[]> lines(String... arguments) {
    return LargeVocabulary.table(arguments)
        .lines()
        .skip(2)
        .map(line -> line.strip().split("\\s+"))
        .toList();
  }

  @Test
  void aSplitOutputIsQuickerOnStages() {
    List<String[]> lines = lines("--stages", "4", "--schedule", "1f1b");
    assertEquals("1", lines.get(0)[2]);
    String[] planned =
        lines.stream().filter(line -> line[2].endsWith("*")).findFirst().orElseThrow();
    assertTrue(Double.parseDouble(planned[3]) < 0.6 * Double.parseDouble(lines.get(0)[3]));
    assertTrue(Double.parseDouble(planned[4]) < 0.6 * Double.parseDouble(lines.get(0)[4]));
  }

  @Test
  void aSmallVocabularyIsLeftWhole() {
    List<String[]> lines = lines("--vocabulary", "100", "--stages", "2", "--schedule", "1f1b");
    assertTrue(lines.stream().noneMatch(line -> line[2].endsWith("*")));
  }
}
