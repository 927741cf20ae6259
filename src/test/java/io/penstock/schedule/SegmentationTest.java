package io.penstock.schedule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.schedule.generate.Schedules;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SegmentationTest {
  private static final Segmentation TWO_OF_ONE = new Segmentation(List.of(List.of(true, true)));

  static Stream<Schedule> schedules() {
    return Schedules.ids().stream().map(id -> Schedules.generate(id, 3, 6));
  }

  /** Segments of each stage, one to three, some of them done again. */
  private static Segmentation random(Random random, int stages) {
    List<List<Boolean>> all = new ArrayList<>();
    for (int stage = 0; stage < stages; stage++) {
      all.add(
          IntStream.rangeClosed(0, random.nextInt(3)).mapToObj(i -> random.nextBoolean()).toList());
    }
    return new Segmentation(all);
  }

  private static Costs costs(int stages) {
    return Costs.even(stages, 1, 1, 1)
        .withActivationBytes(10)
        .withInputBytes(Collections.nCopies(stages, 1.0));
  }

  @Test
  void aSegmentIsDoneAgainRightBeforeItsBackward() {
    Schedule divided = TWO_OF_ONE.in(Plans.of("0F0 0F1 0B0 0I1 0W1"));
    assertEquals("0F0 1F0 0F1 1F1 1R0 1B0 0R0 0B0 1R1 1I1 0R1 0I1 1W1 0W1", Plans.row(divided, 0));
  }

  @Test
  void aBackwardRightBehindItsForwardNeedsNoSecondOne() {
    Schedule divided = TWO_OF_ONE.in(Plans.of("0F0 0B0 0F1 0B1"));
    assertEquals("0F0 1F0 1B0 0R0 0B0 0F1 1F1 1B1 0R1 0B1", Plans.row(divided, 0));
  }

  @Test
  void segmentsThatAreKeptAreNotDoneAgain() {
    Segmentation some = new Segmentation(List.of(List.of(false, true, false)));
    assertEquals(
        "0F0 1F0 2F0 0F1 1F1 2F1 2B0 1R0 1B0 0B0 2B1 1R1 1B1 0B1",
        Plans.row(some.in(Plans.of("0F0 0F1 0B0 0B1")), 0));
  }

  @Test
  void movementStaysAtTheEndsOfAStage() {
    Schedule lowered = Lowering.lower(Schedules.generate("1f1b", 2, 2));
    Schedule first = Lowering.lower(Segmentation.even(2, 2, true).in(Plans.SMALL));
    Schedule after = Segmentation.even(2, 2, true).in(lowered);
    Verifier.verify(after);
    assertEquals(movement(first), movement(after));
  }

  private static List<String> movement(Schedule schedule) {
    return schedule.ranks().stream()
        .flatMap(List::stream)
        .filter(action -> action.kind().isMovement())
        .map(Action::toString)
        .sorted()
        .toList();
  }

  @ParameterizedTest
  @MethodSource("schedules")
  void everyScheduleStaysOneThatCanBeRun(Schedule schedule) {
    Random random = new Random(1);
    Schedule ordered = WeightGradientOrder.order(schedule);
    for (int i = 0; i < 20; i++) {
      Segmentation some = random(random, schedule.stages());
      Schedule divided = some.in(ordered);
      Verifier.verify(Lowering.lower(divided));
      assertTrue(WeightGradientOrder.isAscending(divided));
      assertEquals(some.segments(), divided.stages());
      assertEquals(ordered.overlapped().size(), divided.overlapped().size());
      for (int stage = 0; stage < schedule.stages(); stage++) {
        assertEquals(schedule.rankOf(stage), divided.rankOf(some.first(stage)));
        assertEquals(schedule.rankOf(stage), divided.rankOf(some.first(stage + 1) - 1));
      }
    }
  }

  /** One segment a stage that is kept is the stage itself. */
  @ParameterizedTest
  @MethodSource("schedules")
  void wholeStagesStayAsTheyAre(Schedule schedule) {
    assertEquals(schedule, Segmentation.even(schedule.stages(), 1, false).in(schedule));
  }

  /** Of 16 layers that keep 1 each and hand on 1, as many in a segment as there are segments. */
  @Test
  void theSquareRootOfTheLayersIsTheLeastMemoryOfOneMicroBatch() {
    Schedule one = Schedules.generate("gpipe", 1, 1);
    List<Double> peaks = new ArrayList<>();
    for (int segments : new int[] {1, 2, 4, 8, 16}) {
      int layers = 16 / segments;
      Costs costs =
          Costs.even(segments, layers, layers, layers)
              .withActivationBytes(layers + 1)
              .withInputBytes(Collections.nCopies(segments, 1.0));
      Schedule divided = Segmentation.even(1, segments, true).in(one);
      peaks.add(Simulator.simulate(divided, costs).peakBytes().get(0));
    }
    assertEquals(List.of(17.0, 10.0, 8.0, 10.0, 17.0), peaks);
  }

  /** A schedule that says its second forwards itself says when they are done, too. */
  @Test
  void secondForwardsOfOnesOwnStayWhereTheyAre() {
    Schedule written = Plans.of("0F0 0F1 0R1 0B0 0B1");
    Schedule divided = TWO_OF_ONE.in(written);
    assertEquals("0F0 1F0 0F1 1F1 0R1 1R1 1B0 0B0 1B1 0B1", Plans.row(divided, 0));
    Verifier.verify(divided);
  }

  @Test
  void whatEndsAMiniBatchIsEverySegmentsOrOnesOfTheRank() {
    Schedule whole = MiniBatchEnd.losses(MiniBatchEnd.update(MiniBatchEnd.clip(Plans.SMALL)));
    Schedule divided = Segmentation.even(2, 2, true).in(whole);
    Verifier.verify(divided);
    assertEquals(
        "2CLIP 3UPDATE 2UPDATE 3LOSS",
        divided.ranks().get(1).stream()
            .filter(action -> action.kind().endsMiniBatch())
            .map(Action::toString)
            .collect(Collectors.joining(" ")));
  }

  @Test
  void segmentsOfOtherStagesAreRefused() {
    String message =
        assertThrows(IllegalArgumentException.class, () -> TWO_OF_ONE.in(Plans.SMALL)).getMessage();
    assertTrue(message.contains("has 2 stages over all ranks, but segments of 1"), message);
    assertThrows(IllegalArgumentException.class, () -> new Segmentation(List.of()));
    assertThrows(IllegalArgumentException.class, () -> new Segmentation(List.of(List.of())));
  }

  /** Keeping nothing but inputs takes a forward more, and less memory. */
  @ParameterizedTest
  @MethodSource("schedules")
  void whatIsDoneAgainTakesTimeAndSavesMemory(Schedule schedule) {
    Schedule ordered = WeightGradientOrder.order(schedule);
    if (schedule.isForwardOnly()) {
      return;
    }
    Schedule kept = Segmentation.even(schedule.stages(), 3, false).in(ordered);
    Schedule again = Segmentation.even(schedule.stages(), 3, true).in(ordered);
    Costs costs = costs(kept.stages());
    Simulation before = Simulator.simulate(kept, costs);
    Simulation after = Simulator.simulate(again, costs);
    assertTrue(after.makespan() >= before.makespan());
    for (int rank = 0; rank < 3; rank++) {
      assertTrue(after.peakBytes().get(rank) <= before.peakBytes().get(rank));
    }
  }
}
