package io.penstock.balance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.schedule.LinkCost;
import io.penstock.schedule.Schedule;
import io.penstock.schedule.generate.Schedules;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PayoffTest {
  private static final double ENDLESS = Double.POSITIVE_INFINITY;
  private static final int LAYERS = 4;
  private static final int BATCH = 64;

  /** Equal layers that take so much for a micro-batch and for each of its rows. */
  private static Profile profile(double fixed, double perRow, double latency, double bandwidth) {
    return profile(fixed, Collections.nCopies(LAYERS, perRow), latency, bandwidth, 1 << 30);
  }

  private static Profile profile(
      double fixed, List<Double> perRow, double latency, double bandwidth, long memory) {
    LayerCosts oneRow =
        new LayerCosts(Collections.nCopies(perRow.size(), new LayerCost(0, 0, 0, 100, 4, 4)), 4);
    List<RowTimes> times =
        IntStream.of(1, 9)
            .mapToObj(
                rows -> {
                  List<Double> all = perRow.stream().map(row -> fixed + rows * row).toList();
                  return new RowTimes(rows, all, all, all);
                })
            .toList();
    return new Profile(oneRow, times, latency, bandwidth, memory);
  }

  private static Cut even(int layers, int stages) {
    return new Cut(
        IntStream.range(0, stages).mapToObj(stage -> stage * layers / stages).toList(), layers);
  }

  private static Payoff payoff(Profile profile, int ranks, int microBatches) {
    Schedule schedule = Schedules.generate("1f1b", ranks, microBatches);
    Cut cut = even(profile.oneRow().count(), ranks);
    return Payoff.of(profile, schedule, cut, BATCH, microBatches);
  }

  @Test
  void equalStagesOfFreeLinksPayAtOnce() {
    for (int ranks : new int[] {2, 4}) {
      Payoff payoff = payoff(profile(1, 1, 0, ENDLESS), ranks, 8);
      assertTrue(payoff.pays(), payoff::toString);
      assertEquals(OptionalInt.of(8), payoff.leastBatch(), "a row in each of the micro-batches");
      assertEquals(OptionalDouble.of(1), payoff.leastWidth());
      double ideal = ranks * 8.0 / (8 + ranks - 1);
      assertEquals(ideal, payoff.bestFactor(), 1e-9);
      assertTrue(payoff.factor().getAsDouble() > 1, payoff::toString);
      assertTrue(payoff.factor().getAsDouble() <= ranks, payoff::toString);
    }
  }

  @Test
  void oneMicroBatchOverlapsNothingAndNeverPays() {
    Payoff payoff = payoff(profile(1, 1, 0, ENDLESS), 2, 1);
    assertFalse(payoff.pays(), payoff::toString);
    assertEquals(OptionalInt.empty(), payoff.leastBatch());
    assertEquals(OptionalDouble.empty(), payoff.leastWidth());
  }

  @Test
  void whereAllWorkIsInOneLayerNoSizePays() {
    Profile lopsided = profile(0, List.of(1.0, 0.0), 1e-3, ENDLESS, 1 << 30);
    Payoff payoff = payoff(lopsided, 2, 4);
    assertFalse(payoff.pays());
    assertEquals(1, payoff.bestFactor(), 1e-9);
    assertEquals(OptionalInt.empty(), payoff.leastBatch());
    assertEquals(OptionalDouble.empty(), payoff.leastWidth());
  }

  @Test
  void whatPaysFromASizeOnDoesNotPayALittleBelow() {
    Random random = new Random(5);
    int found = 0;
    for (int i = 0; i < 60; i++) {
      double latency = 200 * random.nextDouble();
      Profile profile = profile(random.nextDouble(), 0.1, latency, ENDLESS);
      int m = 2 + random.nextInt(6);
      Payoff payoff = payoff(profile, 2, m);
      if (payoff.leastBatch().isPresent() && payoff.leastBatch().getAsInt() > m) {
        found++;
        int least = payoff.leastBatch().getAsInt();
        Schedule schedule = Schedules.generate("1f1b", 2, m);
        Cut cut = even(LAYERS, 2);
        assertTrue(Payoff.of(profile, schedule, cut, least, m).pays(), payoff::toString);
        int less = Math.max(m, (int) (0.9 * least) - 2 * m);
        assertFalse(Payoff.of(profile, schedule, cut, less, m).pays(), payoff::toString);
        assertEquals(payoff.pays(), least <= BATCH, payoff::toString);
        double width = payoff.leastWidth().orElse(ENDLESS);
        assertEquals(payoff.pays(), width == 1, payoff::toString);
      }
    }
    assertTrue(found > 20, "only " + found);
  }

  @Test
  void aCostlierLinkNeedsLargerBatchesAndWiderLayers() {
    int rows = 0;
    double width = 0;
    for (double latency = 0; latency < 2000; latency = 2 * latency + 1) {
      Payoff payoff = payoff(profile(0.5, 0.1, latency, ENDLESS), 2, 4);
      assertTrue(payoff.leastBatch().orElse(Integer.MAX_VALUE) >= rows, payoff::toString);
      assertTrue(payoff.leastWidth().orElse(ENDLESS) >= width, payoff::toString);
      assertEquals(latency, payoff.handOverSeconds(), 1e-12);
      rows = payoff.leastBatch().orElse(Integer.MAX_VALUE);
      width = payoff.leastWidth().orElse(ENDLESS);
    }
    assertTrue(rows > BATCH && width > 1);
  }

  @Test
  void ranksThatFramesKeepBusyNeedLargerBatchesAndWiderLayers() {
    Profile free = profile(0.5, 0.1, 20, ENDLESS);
    int rows = 0;
    double width = 0;
    double seconds = 0;
    for (double busy = 0; busy < 500; busy = 2 * busy + 1) {
      Profile profile =
          new Profile(
              free.oneRow(), free.executors(), new LinkCost(20, ENDLESS, busy), free.memoryLimit());
      Payoff payoff = payoff(profile, 2, 4);
      assertEquals(busy, payoff.busySeconds());
      assertEquals(payoff(free, 2, 4).oneSeconds(), payoff.oneSeconds(), "nothing is handed over");
      assertTrue(payoff.seconds() >= seconds, payoff::toString);
      assertTrue(payoff.leastBatch().orElse(Integer.MAX_VALUE) >= rows, payoff::toString);
      assertTrue(payoff.leastWidth().orElse(ENDLESS) >= width, payoff::toString);
      rows = payoff.leastBatch().orElse(Integer.MAX_VALUE);
      width = payoff.leastWidth().orElse(ENDLESS);
      seconds = payoff.seconds();
    }
    assertTrue(seconds > payoff(free, 2, 4).seconds(), "the busiest frames are charged");
    assertTrue(rows > payoff(free, 2, 4).leastBatch().getAsInt());
  }

  @Test
  void aSlowLinkIsOutgrownByWidthAndNotByRows() {
    // A row's frame takes ten times as long as its arithmetic; rows grow both alike.
    Payoff payoff = payoff(profile(0, 0.1, 0, 4 / 12.0), 2, 4);
    assertFalse(payoff.pays());
    assertEquals(OptionalInt.empty(), payoff.leastBatch());
    assertTrue(payoff.leastWidth().getAsDouble() > 2, payoff::toString);
  }

  @Test
  void theArithmeticIsThatOfTheProfile() {
    Payoff payoff = payoff(profile(2, 0.5, 3, 16), 2, 4);
    assertEquals(2, payoff.ranks());
    assertEquals(BATCH, payoff.batchSize());
    assertEquals(4, payoff.microBatches());
    double layer = 2 + 0.5 * BATCH / 4;
    assertEquals(3 * LAYERS * layer, payoff.microBatchSeconds(), 1e-9);
    assertEquals(4 * payoff.microBatchSeconds(), payoff.oneSeconds().getAsDouble(), 1e-9);
    assertEquals(3 + 16 * 4 / 16.0, payoff.handOverSeconds(), 1e-9);
    assertEquals(2, payoff.handOvers());
  }

  @Test
  void ranksThatAreNeededToHoldTheLayersPay() {
    Profile tight = profile(0, Collections.nCopies(LAYERS, 1.0), 1e3, ENDLESS, 400);
    Payoff payoff = payoff(tight, 2, 4);
    assertEquals(OptionalDouble.empty(), payoff.oneSeconds());
    assertEquals(OptionalDouble.empty(), payoff.factor());
    assertTrue(payoff.pays());
  }

  @Test
  void asManyRanksAreChosenAsAreWorthIt() {
    ChoiceRequest request = ChoiceRequest.of(4, BATCH);
    Choice costly = Chooser.chooseRanks(profile(0, 0.01, 10, ENDLESS), request);
    assertEquals(1, costly.best().request().ranks(), costly::table);
    Choice free = Chooser.chooseRanks(profile(0, 1, 0, ENDLESS), request);
    assertEquals(4, free.best().request().ranks(), free::table);
    assertEquals(
        List.of(1, 2, 3, 4), free.byRanks().stream().map(plan -> plan.request().ranks()).toList());
    assertTrue(free.table().contains("* 4 executors:"), free::table);
    assertTrue(free.table().contains("  1 executor: "), free::table);
  }

  @Test
  void theNumberOfRanksIsNotSlowerThanAnyOtherByMoreThanWhatIsWorthIt() {
    Random random = new Random(9);
    for (int i = 0; i < 30; i++) {
      List<Double> layers = random.doubles(3 + random.nextInt(4)).boxed().toList();
      Profile profile =
          profile(random.nextDouble(), layers, 10 * random.nextDouble(), ENDLESS, 1 << 30);
      Choice choice = Chooser.chooseRanks(profile, ChoiceRequest.of(3, 16));
      for (int ranks = 1; ranks <= 3; ranks++) {
        double seconds = Chooser.choose(profile, ChoiceRequest.of(ranks, 16)).predictedSeconds();
        double factor = ranks < choice.best().request().ranks() ? 1 : 1 - Chooser.WORTH;
        assertTrue(choice.predictedSeconds() * factor <= seconds * (1 + 1e-9), choice::table);
      }
    }
  }

  @Test
  void oneRankThatCannotHoldTheLayersIsNotChosen() {
    Profile tight = profile(0, Collections.nCopies(LAYERS, 1.0), 1e3, ENDLESS, 400);
    Choice choice = Chooser.chooseRanks(tight, ChoiceRequest.of(2, BATCH));
    assertEquals(2, choice.best().request().ranks(), choice::table);
  }

  @Test
  void fewerRanksThanLayersAreTakenWhereMoreAreOffered() {
    Choice choice = Chooser.chooseRanks(profile(0, 1, 0, ENDLESS), ChoiceRequest.of(50, BATCH));
    assertEquals(LAYERS, choice.best().request().ranks(), choice::table);
  }

  @Test
  void whereOneRankWasChosenThePayoffIsThatOfMore() {
    Profile costly = profile(0, 0.01, 10, ENDLESS);
    ChoiceRequest request = ChoiceRequest.of(3, BATCH);
    Payoff payoff = Payoff.of(costly, request, Chooser.chooseRanks(costly, request)).orElseThrow();
    assertTrue(payoff.ranks() > 1);
    assertFalse(payoff.pays(), payoff::toString);
    ChoiceRequest one = ChoiceRequest.of(1, BATCH);
    assertEquals(Optional.empty(), Payoff.of(costly, one, Chooser.choose(costly, one)));
  }
}
