package io.penstock.bench;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.bench.Configuration.CutBy;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConfigurationTest {
  @Test
  void oneStageRunsOnceAndSeveralAlsoUnpipelined() {
    assertEquals(
        List.of(
            new Configuration(1, "1f1b", 8, CutBy.COST),
            new Configuration(2, "1f1b", 8, CutBy.COST),
            new Configuration(2, "gpipe", 8, CutBy.COST),
            new Configuration(2, "unpipelined", 1, CutBy.COST)),
        Configuration.combinations(
            List.of(1, 2), List.of("1f1b", "gpipe"), List.of(8), List.of(CutBy.COST)));
  }

  @Test
  void nothingRunsTwice() {
    assertEquals(
        2,
        Configuration.combinations(
                List.of(2, 2), List.of("unpipelined", "1f1b"), List.of(1, 1), List.of(CutBy.COST))
            .size());
  }

  @Test
  void theIdealIsTheShareOfTheTimeWithoutBubble() {
    assertEquals(8 / 9.0, new Configuration(2, "1f1b", 8, CutBy.COST).ideal());
    assertEquals(1, new Configuration(1, "1f1b", 8, CutBy.COST).ideal());
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

  @Test
  void bothCutsAreTriedWhereThereIsSomethingToCut() {
    assertEquals(
        List.of(
            new Configuration(1, "1f1b", 4, CutBy.COST),
            new Configuration(3, "1f1b", 4, CutBy.COST),
            new Configuration(3, "1f1b", 4, CutBy.COUNT),
            new Configuration(3, "unpipelined", 1, CutBy.COST)),
        Configuration.combinations(
            List.of(1, 3), List.of("1f1b"), List.of(4), Configuration.cuts("cost,count")));
    assertThrows(IllegalArgumentException.class, () -> Configuration.cuts("even"));
  }

  @Test
  void aCutByCountGivesTheFirstStagesWhatIsLeftOver() {
    assertArrayEquals(
        new int[] {0, 4, 8}, new Configuration(3, "1f1b", 4, CutBy.COUNT).evenStarts(11));
  }
}
