package io.penstock.balance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.schedule.Action;
import io.penstock.schedule.ActionKind;
import io.penstock.schedule.Schedule;
import io.penstock.schedule.ScheduleRequest;
import io.penstock.schedule.WeightGradientsLast;
import io.penstock.schedule.generate.Schedules;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class ChooserTest {
  private static final double INFINITE = Double.POSITIVE_INFINITY;

  private static Profile random(Random random, int layers) {
    List<LayerCost> sizes =
        IntStream.range(0, layers)
            .mapToObj(
                layer ->
                    new LayerCost(
                        0, 0, 0, random.nextInt(100), random.nextInt(10), random.nextInt(10)))
            .toList();
    double[] perRow = random.doubles(3 * layers).toArray();
    double fixed = random.nextDouble();
    List<RowTimes> times =
        IntStream.of(1, 8)
            .mapToObj(
                rows ->
                    new RowTimes(
                        rows,
                        times(layers, 0, fixed, rows, perRow),
                        times(layers, 1, fixed, rows, perRow),
                        times(layers, 2, fixed, rows, perRow)))
            .toList();
    double bandwidth = random.nextBoolean() ? INFINITE : 1 + 100 * random.nextDouble();
    return new Profile(
        new LayerCosts(sizes, random.nextInt(10)),
        times,
        random.nextInt(3) * random.nextDouble(),
        bandwidth,
        random.nextBoolean() ? CutConstraints.UNLIMITED : 200 + random.nextInt(1000));
  }

  private static List<Double> times(int layers, int part, double fixed, int rows, double[] perRow) {
    return IntStream.range(0, layers)
        .mapToObj(layer -> fixed + rows * perRow[part * layers + layer])
        .toList();
  }

  private static Candidate candidate(Profile profile, int batchSize, ScheduleRequest request) {
    return new Plans(profile, List.of(), batchSize, MemorySaving.NONE)
        .candidate(request, INFINITE)
        .orElseThrow();
  }

  @Test
  void theChoiceIsNeverSlowerThanAFixedPlan() {
    Random random = new Random(1);
    for (int i = 0; i < 100; i++) {
      int layers = 2 + random.nextInt(10);
      int ranks = 1 + random.nextInt(Math.min(layers, 4));
      int batchSize = 1 + random.nextInt(40);
      Profile profile = random(random, layers);
      Plans plans = new Plans(profile, List.of(), batchSize, MemorySaving.NONE);
      double best = INFINITE;
      for (String id : Schedules.ids()) {
        for (int m : new int[] {1, 2, 4, 8, 16, 32, ranks, 2 * ranks, 4 * ranks}) {
          if (m > batchSize || id.equals("unpipelined") || id.equals("forward")) {
            continue;
          }
          var one = plans.candidate(ScheduleRequest.of(id, ranks, m), INFINITE);
          if (one.isPresent() && one.get().bytes() <= profile.memoryLimit()) {
            best = Math.min(best, one.get().seconds());
          }
        }
      }
      ChoiceRequest request = ChoiceRequest.of(ranks, batchSize);
      if (best < INFINITE) {
        Choice choice = Chooser.choose(profile, request);
        assertTrue(choice.best().bytes() <= profile.memoryLimit());
        assertTrue(choice.predictedSeconds() <= best * (1 + 1e-9), choice::table);
        for (Candidate next : choice.next()) {
          assertTrue(choice.predictedSeconds() <= next.seconds() * (1 + 1e-9), choice::table);
        }
      }
    }
  }

  @Test
  void thePredictionIsThatOfTheSamePlanPlayedAgain() {
    Profile profile = Profiles.equal(8, 1, 1, 1, 0.5, CutConstraints.UNLIMITED);
    Candidate best = Chooser.choose(profile, ChoiceRequest.of(4, 32)).best();
    assertEquals(best, candidate(profile, 32, best.request()));
  }

  @Test
  void onASlowNetworkMoreForwardsStartThan1F1BHas() {
    // Weight gradients take no time, so that splitting the backward gains nothing.
    Profile profile = Profiles.equal(4, 1, 2, 0, 1, 4 * 10);
    Candidate eager = candidate(profile, 16, ScheduleRequest.of("eager-1f1b", 4, 16));
    Candidate plain = candidate(profile, 16, ScheduleRequest.of("1f1b", 4, 16));
    assertEquals(63, eager.seconds(), 1e-9);
    assertEquals(85, plain.seconds(), 1e-9);
    // Room for 7 micro-batches of one row in flight, not for the 16 of gpipe.
    Choice choice = Chooser.choose(profile, ChoiceRequest.of(4, 16).withMicroBatches(16));
    assertTrue(choice.predictedSeconds() < plain.seconds());
    assertTrue(
        choice.next().stream().noneMatch(next -> next.request().id().equals("gpipe")),
        choice::table);
    assertEquals(
        "eager-1f1b",
        Chooser.choose(profile, ChoiceRequest.of(4, 16).withMicroBatches(16).withWarmUp(6))
            .best()
            .request()
            .id());
  }

  @Test
  void gpipeIsLeftOutWhereMemoryIsTight() {
    Profile profile = Profiles.equal(4, 1, 2, 0, 0, 10 + 4 * 2);
    Choice choice = Chooser.choose(profile, ChoiceRequest.of(4, 16).withMicroBatches(16));
    assertEquals("1f1b", choice.best().request().id(), choice::table);
    assertTrue(
        choice.tooLarge().stream().anyMatch(plan -> plan.request().id().equals("gpipe")),
        choice::table);
    assertTrue(choice.table().contains("left out"), choice::table);
  }

  @Test
  void whereNeither1F1BNorAZeroBubbleScheduleFitsAVWithLessMemoryWins() {
    for (String id : List.of("v-half", "v-min")) {
      Profile roomy = Profiles.equal(32, 1, 1, 1, 0, CutConstraints.UNLIMITED);
      long limit = candidate(roomy, 16, ScheduleRequest.of(id, 4, 16)).bytes();
      for (String hungry : List.of("zb-v", "1f1b", "zb-h1")) {
        assertTrue(candidate(roomy, 16, ScheduleRequest.of(hungry, 4, 16)).bytes() > limit, hungry);
      }
      Choice choice =
          Chooser.choose(
              Profiles.equal(32, 1, 1, 1, 0, limit), ChoiceRequest.of(4, 16).withMicroBatches(16));
      assertEquals(id, choice.best().request().id(), choice::table);
    }
  }

  @Test
  void whereWeightGradientsCanWaitAZeroBubbleScheduleWins() {
    Profile profile = Profiles.equal(8, 1, 1, 1, 0, CutConstraints.UNLIMITED);
    Choice choice = Chooser.choose(profile, ChoiceRequest.of(4, 16).withMicroBatches(16));
    assertTrue(choice.best().request().id().startsWith("zb-"), choice::table);
    assertTrue(choice.best().bubble() < 0.1, choice::table);
  }

  @Test
  void whatAMicroBatchCostsBesidesItsRowsKeepsTheirNumberLow() {
    LayerCosts oneRow = new LayerCosts(Collections.nCopies(4, new LayerCost(0, 0, 0, 1, 1, 1)), 1);
    List<RowTimes> flat =
        IntStream.of(1, 8)
            .mapToObj(
                rows ->
                    new RowTimes(
                        rows,
                        Collections.nCopies(4, 1.0),
                        Collections.nCopies(4, 1.0),
                        Collections.nCopies(4, 1.0)))
            .toList();
    Profile profile = new Profile(oneRow, flat, 0, INFINITE, CutConstraints.UNLIMITED);
    Candidate best = Chooser.choose(profile, ChoiceRequest.of(2, 64)).best();
    assertEquals(1, best.request().microBatches());
  }

  @Test
  void nothingThatFitsIsAnsweredWithWhatTheLeastHungryNeeds() {
    Profile profile = Profiles.equal(4, 1, 1, 1, 0, 10);
    var e =
        assertThrows(
            IllegalArgumentException.class, () -> Chooser.choose(profile, ChoiceRequest.of(4, 16)));
    assertTrue(e.getMessage().contains("the least hungry needs"), e.getMessage());
    long needed =
        Long.parseLong(e.getMessage().replaceAll("(?s).*least hungry needs ([0-9]+) B:.*", "$1"));
    Chooser.choose(Profiles.equal(4, 1, 1, 1, 0, needed), ChoiceRequest.of(4, 16));
    assertThrows(
        IllegalArgumentException.class,
        () -> Chooser.choose(Profiles.equal(4, 1, 1, 1, 0, needed - 1), ChoiceRequest.of(4, 16)));
  }

  @Test
  void whatIsFixedStaysAndWhatCannotBeIsSaid() {
    Profile profile = Profiles.equal(8, 1, 1, 1, 0, CutConstraints.UNLIMITED);
    ChoiceRequest request = ChoiceRequest.of(2, 16);
    assertEquals(
        8, Chooser.choose(profile, request.withMicroBatches(8)).best().request().microBatches());
    assertEquals(1, Chooser.choose(profile, request.withVirtualStages(1)).best().virtualStages());
    assertThrows(
        IllegalArgumentException.class,
        () -> Chooser.choose(profile, request.withVirtualStages(5)));
    assertThrows(IllegalArgumentException.class, () -> request.withMicroBatches(17));
    assertThrows(
        IllegalArgumentException.class, () -> Chooser.choose(profile, ChoiceRequest.of(9, 16)));
  }

  @Test
  void theTableShowsTheChosenOneFirstAndTheNext() {
    Profile profile = Profiles.equal(8, 1, 1, 1, 0.1, CutConstraints.UNLIMITED);
    Choice choice = Chooser.choose(profile, ChoiceRequest.of(4, 64));
    List<String> lines = choice.table().lines().toList();
    assertEquals("chosen: " + choice.best(), lines.get(0));
    assertTrue(lines.get(3).startsWith("* " + choice.best().request().id()), choice::table);
    assertEquals(4 + choice.next().size(), lines.size(), choice::table);
    assertEquals(4, choice.next().size());
  }

  @Test
  void stagesAreSharedOutWhereThatShortensTheBubble() {
    // Weight gradients in no time: only more stages a rank shorten the bubble.
    Profile profile = Profiles.equal(16, 1, 2, 0, 0, CutConstraints.UNLIMITED);
    Choice choice = Chooser.choose(profile, ChoiceRequest.of(4, 8).withMicroBatches(8));
    Candidate plain = candidate(profile, 8, ScheduleRequest.of("1f1b", 4, 8));
    assertTrue(choice.best().virtualStages() > 1, choice::table);
    assertTrue(choice.predictedSeconds() < plain.seconds(), choice::table);
  }

  /** Equal layers, on executors that take as many seconds for each pass of one. */
  private static Profile rack(int layers, long memory, double... seconds) {
    Profile like = Profiles.equal(layers, 1, 1, 1, 0, memory);
    List<LayerTimes> executors =
        Arrays.stream(seconds).mapToObj(each -> like.executors().get(0).withWork(each)).toList();
    return new Profile(like.oneRow(), executors, like.link(), memory);
  }

  @Test
  void slowExecutorsGetFewerLayers() {
    // 12 layers for executors of which two do twice as much: 4, 4, 2 and 2.
    Profile rack = rack(12, CutConstraints.UNLIMITED, 2, 1, 1, 2);
    Profile slowest = rack(12, CutConstraints.UNLIMITED, 2, 2, 2, 2);
    ChoiceRequest request = ChoiceRequest.of(4, 32).withMicroBatches(32).withVirtualStages(1);
    Candidate best = Chooser.choose(rack, request).best();
    assertEquals(Set.of(0, 1, 2, 3), Set.copyOf(best.executors()));
    for (int stage = 0; stage < 4; stage++) {
      boolean quick = List.of(1, 2).contains(best.executors().get(stage));
      assertEquals(quick ? 4 : 2, best.cut().end(stage) - best.cut().first(stage));
    }
    double alike = Chooser.choose(slowest, request).predictedSeconds();
    assertTrue(best.seconds() < 0.7 * alike, () -> best.seconds() + " of " + alike);
  }

  @Test
  void fewerRanksTakeTheQuickestExecutors() {
    Profile rack = rack(6, CutConstraints.UNLIMITED, 3, 1, 2, 1, 5);
    Choice choice = Chooser.chooseRanks(rack, ChoiceRequest.of(5, 32));
    for (Candidate plan : choice.byRanks()) {
      List<Integer> quickest = List.of(1, 3, 2, 0, 4).subList(0, plan.request().ranks());
      assertEquals(Set.copyOf(quickest), Set.copyOf(plan.executors()), plan::toString);
    }
    String few =
        assertThrows(
                IllegalArgumentException.class, () -> Chooser.choose(rack, ChoiceRequest.of(6, 32)))
            .getMessage();
    assertTrue(few.contains("only 5 executors were measured"), few);
  }

  @Test
  void executorsOfAnUnequalRackThatAreAlikeAreAsGoodAsAnEvenRack() {
    Random random = new Random(8);
    for (int i = 0; i < 20; i++) {
      Profile even = random(random, 3 + random.nextInt(6));
      Profile rack =
          new Profile(
              even.oneRow(),
              Collections.nCopies(3, even.executors().get(0)),
              even.link(),
              CutConstraints.UNLIMITED);
      Profile roomy = rack.on(List.of(0));
      ChoiceRequest request = ChoiceRequest.of(3, 16);
      Candidate one = Chooser.choose(roomy, request).best();
      Candidate other = Chooser.choose(rack, request).best();
      assertEquals(one.schedule(), other.schedule());
      assertEquals(one.cut(), other.cut());
      assertEquals(one.prediction(), other.prediction());
    }
  }

  /** Hundreds of plans are cut and played; how long that takes is for a benchmark. */
  @Test
  @Timeout(120)
  void hundredsOfPlansAreChosenFromWithMemoryToSpareAndWithout() {
    Random random = new Random(3);
    for (int ranks : new int[] {2, 4, 8}) {
      Profile profile = random(random, 48);
      Profile roomy =
          new Profile(
              profile.oneRow(),
              profile.executors().get(0).byRows(),
              0.1,
              1e3,
              CutConstraints.UNLIMITED);
      Profile tight =
          new Profile(
              profile.oneRow(), profile.executors().get(0).byRows(), 0.1, 1e3, 6000 / ranks);
      for (Profile one : List.of(roomy, tight)) {
        Choice choice = Chooser.choose(one, ChoiceRequest.of(ranks, 64));
        assertTrue(choice.best().bytes() <= one.memoryLimit(), choice::table);
      }
    }
  }

  /** A plan of ranks that hold one gradient at a time is what it says, and is not searched. */
  @Test
  void weightGradientsAreLastWhereTheyAreWanted() {
    Profile profile = Profiles.equal(8, 1, 1, 1, 0.5, CutConstraints.UNLIMITED);
    ChoiceRequest request =
        ChoiceRequest.of(4, 32).withRecomputation(RecomputePolicy.AUTO).withWeightGradientsLast();
    assertEquals(RecomputePolicy.NEVER, request.saving().recomputation());
    Choice choice = Chooser.choose(profile, request);
    Schedule schedule = choice.best().schedule();
    assertEquals(schedule, WeightGradientsLast.order(schedule));
    assertEquals(choice.best().request().id(), schedule.generatedName());
    for (List<Action> actions : schedule.ranks()) {
      List<Boolean> last = actions.stream().map(one -> one.kind() == ActionKind.W).toList();
      assertEquals(last.stream().sorted().toList(), last);
    }
    assertTrue(
        Chooser.choose(profile, ChoiceRequest.of(4, 32)).predictedSeconds()
            <= choice.predictedSeconds());
  }
}
