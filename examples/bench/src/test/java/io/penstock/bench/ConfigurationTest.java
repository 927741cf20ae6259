package io.penstock.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class ConfigurationTest {
  @Test
  void oneStageRunsOnceAndSeveralAlsoUnpipelined() {
    assertEquals(
        List.of(
            new Configuration(1, "1f1b", 8),
            new Configuration(2, "1f1b", 8),
            new Configuration(2, "gpipe", 8),
            new Configuration(2, "unpipelined", 1)),
        Configuration.combinations(List.of(1, 2), List.of("1f1b", "gpipe"), List.of(8)));
  }

  @Test
  void nothingRunsTwice() {
    assertEquals(
        2,
        Configuration.combinations(List.of(2, 2), List.of("unpipelined", "1f1b"), List.of(1, 1))
            .size());
  }

  @Test
  void theIdealIsTheShareOfTheTimeWithoutBubble() {
    assertEquals(8 / 9.0, new Configuration(2, "1f1b", 8).ideal());
    assertEquals(1, new Configuration(1, "1f1b", 8).ideal());
  }

  @Test
  void countsAreReadAndOthersRefusedByName() {
    assertEquals(List.of(1, 16), Configuration.counts("stages", "1, 16"));
    for (String wrong : List.of("", "0", "1,,2", "two")) {
      IllegalArgumentException refused =
          assertThrows(IllegalArgumentException.class, () -> Configuration.counts("stages", wrong));
      assertTrue(refused.getMessage().startsWith("--stages is '" + wrong + "'"));
    }
  }
}
