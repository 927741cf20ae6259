package io.penstock.bench;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.bench.Configuration.CutBy;
import io.penstock.schedule.Recomputation;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConfigurationTest {
  @Test
  void oneStageRunsOnceAndSeveralAlsoUnpipelined() {
    assertEquals(
        List.of(
            new Configuration(1, "1f1b", 8, CutBy.COST, Recomputation.NEVER),
            new Configuration(2, "1f1b", 8, CutBy.COST, Recomputation.NEVER),
            new Configuration(2, "gpipe", 8, CutBy.COST, Recomputation.NEVER),
            new Configuration(2, "unpipelined", 1, CutBy.COST, Recomputation.NEVER)),
        Configuration.combinations(
            List.of(1, 2),
            List.of("1f1b", "gpipe"),
            List.of(8),
            List.of(CutBy.COST),
            List.of(Recomputation.NEVER)));
  }

  @Test
  void nothingRunsTwice() {
    assertEquals(
        2,
        Configuration.combinations(
                List.of(2, 2),
                List.of("unpipelined", "1f1b"),
                List.of(1, 1),
                List.of(CutBy.COST),
                List.of(Recomputation.NEVER))
            .size());
  }

  @Test
  void theIdealIsTheShareOfTheTimeWithoutBubble() {
    assertEquals(8 / 9.0, new Configuration(2, "1f1b", 8, CutBy.COST, Recomputation.NEVER).ideal());
    assertEquals(1, new Configuration(1, "1f1b", 8, CutBy.COST, Recomputation.NEVER).ideal());
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
            new Configuration(1, "1f1b", 4, CutBy.COST, Recomputation.NEVER),
            new Configuration(3, "1f1b", 4, CutBy.COST, Recomputation.NEVER),
            new Configuration(3, "1f1b", 4, CutBy.COUNT, Recomputation.NEVER),
            new Configuration(3, "unpipelined", 1, CutBy.COST, Recomputation.NEVER)),
        Configuration.combinations(
            List.of(1, 3),
            List.of("1f1b"),
            List.of(4),
            Configuration.cuts("cost,count"),
            List.of(Recomputation.NEVER)));
    assertThrows(IllegalArgumentException.class, () -> Configuration.cuts("even"));
  }

  @Test
  void aCutByCountGivesTheFirstStagesWhatIsLeftOver() {
    assertArrayEquals(new int[] {0, 4, 8}, Configuration.evenStarts(3, 11));
  }

  @Test
  void oneStageIsComparedToWhereTheSameIsDoneTwice() {
    List<Configuration> all =
        Configuration.combinations(
            List.of(1, 2),
            List.of("1f1b"),
            List.of(4),
            List.of(CutBy.COST),
            List.of(Recomputation.NEVER, Recomputation.ALWAYS));
    assertEquals(5, all.size(), all.toString());
    Configuration twice = new Configuration(2, "1f1b", 4, CutBy.COST, Recomputation.ALWAYS);
    assertEquals(
        List.of(new Configuration(1, "1f1b", 4, CutBy.COST, Recomputation.ALWAYS)),
        all.stream().filter(twice::isOnOneStage).toList());
  }
}
