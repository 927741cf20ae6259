package io.penstock.schedule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.schedule.generate.Schedules;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class WeightGradientsLastTest {
  @Test
  void ofAWholeBackwardTheInputHalfStays() {
    Schedule last = WeightGradientsLast.order(Plans.of("0F0 0F1 0B0 0F2 0B1 0I2 0W2"));
    assertEquals("0F0 0F1 0I0 0F2 0I1 0I2 0W0 0W1 0W2", Plans.row(last, 0));
  }

  @Test
  void ofARanksStagesTheLastComesFirst() {
    Schedule last = WeightGradientsLast.order(Plans.of("0F0 1F0 1B0 0B0 0F1 1F1 1B1 0B1"));
    assertEquals("0F0 1F0 1I0 0I0 0F1 1F1 1I1 0I1 1W0 1W1 0W0 0W1", Plans.row(last, 0));
  }

  @Test
  void theNameSaysSoAndTellsWhatItWasMadeOf() {
    Schedule last = WeightGradientsLast.order(Plans.of("0F0 0B0"));
    assertTrue(last.name().endsWith(", weight gradients last"), last.name());
    Schedule one = Schedules.generate("1f1b", 2, 4);
    assertEquals("1f1b", WeightGradientsLast.order(one).generatedName());
    List<Double> times = Collections.nCopies(2, 1.0);
    List<Double> nothing = Collections.nCopies(2, 0.0);
    Costs costs =
        new Costs(times, times, times, times, nothing, nothing, LinkCost.FREE, java.util.Map.of());
    Schedule searched = OrderSearch.search(one, costs, List.of(100.0, 100.0), 2);
    assertEquals("1f1b", WeightGradientsLast.order(searched).generatedName());
  }

  @ParameterizedTest
  @MethodSource("io.penstock.schedule.Plans#sizes")
  void everyScheduleCanBeRunSoWithAllItsMicroBatchesKept(String id, int ranks, int microBatches) {
    Schedule plain = Schedules.generate(id, ranks, microBatches);
    Schedule lowered = Lowering.lower(WeightGradientOrder.order(plain));
    Schedule last = WeightGradientsLast.order(lowered);
    Peaks peaks = Verifier.verify(last);
    if (!plain.isForwardOnly()) {
      int stages = plain.stages() / ranks;
      assertEquals(Collections.nCopies(ranks, stages * microBatches), peaks.activations());
    }
    for (List<Action> actions : last.ranks()) {
      List<Action> behind =
          actions.stream()
              .dropWhile(action -> !action.kind().givesWeightGradient())
              .filter(action -> action.kind() != ActionKind.W)
              .toList();
      assertEquals(List.of(), behind);
    }
  }
}
