package io.penstock.bench;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.balance.RecomputePolicy;
import io.penstock.bench.Configuration.CutBy;
import io.penstock.link.LinkPrecision;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class ConfigurationTest {
  private static Configuration of(
      int stages, String schedule, int microBatches, CutBy cut, RecomputePolicy recompute) {
    return of(stages, schedule, OptionalInt.of(microBatches), cut, recompute);
  }

  private static Configuration of(
      int stages, String schedule, OptionalInt microBatches, CutBy cut, RecomputePolicy recompute) {
    return new Configuration(stages, schedule, microBatches, cut, recompute, LinkPrecision.FLOAT32);
  }

  @Test
  void oneStageRunsOnceAndSeveralAlsoUnpipelined() {
    assertEquals(
        List.of(
            of(1, "1f1b", 8, CutBy.COST, RecomputePolicy.NEVER),
            of(2, "1f1b", 8, CutBy.COST, RecomputePolicy.NEVER),
            of(2, "gpipe", 8, CutBy.COST, RecomputePolicy.NEVER),
            of(2, "unpipelined", 1, CutBy.COST, RecomputePolicy.NEVER)),
        Configuration.combinations(
            List.of(1, 2),
            List.of("1f1b", "gpipe"),
            List.of(OptionalInt.of(8)),
            List.of(CutBy.COST),
            List.of(RecomputePolicy.NEVER),
            List.of(LinkPrecision.FLOAT32)));
  }

  @Test
  void nothingRunsTwice() {
    assertEquals(
        2,
        Configuration.combinations(
                List.of(2, 2),
                List.of("unpipelined", "1f1b"),
                List.of(OptionalInt.of(1), OptionalInt.of(1)),
                List.of(CutBy.COST),
                List.of(RecomputePolicy.NEVER),
                List.of(LinkPrecision.FLOAT32))
            .size());
  }

  @Test
  void theIdealIsTheShareOfTheTimeWithoutBubble() {
    assertEquals(
        OptionalDouble.of(8 / 9.0), of(2, "1f1b", 8, CutBy.COST, RecomputePolicy.NEVER).ideal());
    assertEquals(OptionalDouble.of(1), of(1, "1f1b", 8, CutBy.COST, RecomputePolicy.NEVER).ideal());
  }

  @Test
  void onlyScheduleAutoGoesWithANumberOfMicroBatchesThatIsLeftToIt() {
    List<String> schedules = List.of("1f1b", "auto");
    List<OptionalInt> numbers = Configuration.microBatches(List.of("8", "auto"), schedules);
    assertEquals(List.of(OptionalInt.of(8), OptionalInt.empty()), numbers);
    OptionalInt open = OptionalInt.empty();
    assertEquals(
        List.of(
            of(2, "1f1b", 8, CutBy.COST, RecomputePolicy.NEVER),
            of(2, "auto", 8, CutBy.COST, RecomputePolicy.NEVER),
            of(2, "auto", open, CutBy.COST, RecomputePolicy.NEVER),
            of(2, "unpipelined", 1, CutBy.COST, RecomputePolicy.NEVER)),
        Configuration.combinations(
            List.of(2),
            schedules,
            numbers,
            List.of(CutBy.COST),
            List.of(RecomputePolicy.NEVER),
            List.of(LinkPrecision.FLOAT32)));
    assertEquals(
        OptionalDouble.empty(), of(2, "auto", open, CutBy.COST, RecomputePolicy.NEVER).ideal());
    IllegalArgumentException refused =
        assertThrows(
            IllegalArgumentException.class,
            () -> Configuration.microBatches(List.of("auto"), List.of("1f1b")));
    assertTrue(refused.getMessage().contains("--schedule auto"), refused.getMessage());
  }

  @Test
  void bothCutsAreTriedWhereThereIsSomethingToCut() {
    assertEquals(
        List.of(
            of(1, "1f1b", 4, CutBy.COST, RecomputePolicy.NEVER),
            of(3, "1f1b", 4, CutBy.COST, RecomputePolicy.NEVER),
            of(3, "1f1b", 4, CutBy.COUNT, RecomputePolicy.NEVER),
            of(3, "unpipelined", 1, CutBy.COST, RecomputePolicy.NEVER)),
        Configuration.combinations(
            List.of(1, 3),
            List.of("1f1b"),
            List.of(OptionalInt.of(4)),
            Configuration.cuts(List.of("cost", "count")),
            List.of(RecomputePolicy.NEVER),
            List.of(LinkPrecision.FLOAT32)));
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
            List.of(OptionalInt.of(4)),
            List.of(CutBy.COST),
            List.of(RecomputePolicy.NEVER, RecomputePolicy.ALWAYS),
            List.of(LinkPrecision.FLOAT32));
    assertEquals(5, all.size(), all.toString());
    Configuration twice = of(2, "1f1b", 4, CutBy.COST, RecomputePolicy.ALWAYS);
    assertEquals(
        List.of(of(1, "1f1b", 4, CutBy.COST, RecomputePolicy.ALWAYS)),
        all.stream().filter(twice::isOnOneStage).toList());
  }

  @Test
  void whatNeedsNoSecondForwardHasNothingToSendToDisk() {
    Configuration never = of(2, "1f1b", 4, CutBy.COST, RecomputePolicy.NEVER);
    assertEquals(never, never.withOffload(true));
    Configuration again = of(2, "1f1b", 4, CutBy.COST, RecomputePolicy.SQRT);
    assertTrue(again.withOffload(true).offload());
    assertEquals(again, again.withOffload(true).withOffload(false));
  }
}
