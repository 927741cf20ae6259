package io.penstock.balance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.schedule.Schedule;
import io.penstock.schedule.Segmentation;
import io.penstock.schedule.generate.Schedules;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ReplicaChooserTest {
  private static final int LAYERS = 8;
  private static final OptionalInt OPEN = OptionalInt.empty();

  /** Equal layers, a second a row and pass each; each has as many bytes of weights as given. */
  private static Profile profile(double weightBytes, double bandwidth, long memory) {
    List<LayerCost> layers =
        IntStream.range(0, LAYERS)
            .mapToObj(layer -> new LayerCost(1, 1, 1, (long) (3 * weightBytes), 10, 10))
            .toList();
    List<RowTimes> times =
        IntStream.of(1, 2)
            .mapToObj(
                rows -> {
                  List<Double> each = Collections.nCopies(LAYERS, (double) rows);
                  return new RowTimes(rows, each, each, each);
                })
            .toList();
    return new Profile(new LayerCosts(layers, 10), times, 0, bandwidth, memory);
  }

  private static ReplicaChoice choose(
      double weightBytes, double bandwidth, long memory, int executors, int rows) {
    return ReplicaChooser.choose(
        profile(weightBytes, bandwidth, memory),
        ChoiceRequest.of(executors, rows),
        Collections.nCopies(LAYERS, weightBytes),
        OPEN,
        OPEN,
        OPEN);
  }

  @Test
  void replicasWinWhereWeightsAreSmallForTheyHaveNoBubble() {
    ReplicaOption best = choose(1, 1e6, Long.MAX_VALUE, 8, 16).best();
    assertEquals(8, best.replicas());
    assertEquals(8, best.executors());
    assertEquals(16.0 / 8 * LAYERS * 3, best.prediction().seconds(), 0.01);
  }

  @Test
  void stagesWinWhereWeightsAreLargeForTheirGradientsWouldTravel() {
    ReplicaOption best = choose(1e6, 1e3, Long.MAX_VALUE, 8, 16).best();
    assertEquals(1, best.replicas());
    assertTrue(best.executors() > 1, best::toString);
  }

  @Test
  void whatDoesNotFitOnOneExecutorIsCutAndThenReplicated() {
    // All layers have 2,400 bytes of state; an executor holds 1,300.
    ReplicaChoice choice =
        ReplicaChooser.choose(
            profile(100, 1e6, 1_300),
            ChoiceRequest.of(8, 16),
            Collections.nCopies(LAYERS, 100.0),
            OPEN,
            OptionalInt.of(2),
            OPEN);
    assertEquals(2, choice.best().replicas());
    for (ReplicaOption option : choice.options()) {
      assertTrue(option.executors() / option.replicas() > 1, option::toString);
      assertTrue(option.prediction().bytes() <= 1_300, option::toString);
    }
  }

  @Test
  void unequalExecutorsMakeReplicasThatAreAlike() {
    Profile even = profile(1, 1e6, Long.MAX_VALUE);
    double[] seconds = {2, 1, 2, 1, 2, 1};
    Profile rack =
        new Profile(
            even.oneRow(),
            Arrays.stream(seconds)
                .mapToObj(each -> even.executors().get(0).withWork(each))
                .toList(),
            even.link(),
            even.memoryLimit());
    for (int replicas : new int[] {1, 2, 3}) {
      for (OptionalInt stages : List.of(OptionalInt.of(1), OptionalInt.of(2), OPEN)) {
        ReplicaOption best =
            ReplicaChooser.choose(
                    rack,
                    ChoiceRequest.of(6, 24),
                    Collections.nCopies(LAYERS, 1.0),
                    stages,
                    OptionalInt.of(replicas),
                    OPEN)
                .best();
        int ranks = best.executors() / replicas;
        assertEquals(best.executors(), best.order().size(), best::toString);
        assertEquals(best.executors(), Set.copyOf(best.order()).size(), "each once");
        for (int rank = 0; rank < ranks && replicas == 3; rank++) {
          double first = seconds[best.order().get(rank)];
          assertEquals(first, seconds[best.order().get(ranks + rank)]);
          assertEquals(first, seconds[best.order().get(2 * ranks + rank)]);
        }
        boolean fewest = stages.equals(OptionalInt.of(1)) && replicas < 3;
        assertTrue(
            !fewest || best.order().stream().allMatch(executor -> seconds[executor] == 1),
            () -> "the quickest: " + best.order());
      }
    }
  }

  @Test
  void moreExecutorsHaveToPay() {
    ReplicaChoice choice = choose(1, 1e6, Long.MAX_VALUE, 8, 16);
    for (ReplicaOption option : choice.options()) {
      boolean fewer = option.executors() < choice.best().executors();
      double worth = fewer ? 1 - Chooser.WORTH : 1;
      assertTrue(
          choice.best().prediction().seconds() <= worth * option.prediction().seconds(),
          option::toString);
    }
    assertTrue(choice.table().contains("* 8 replicas x 1 executor: "), choice::table);
  }

  @Test
  void whatIsFixedStays() {
    Profile profile = profile(1, 1e6, Long.MAX_VALUE);
    List<Double> bytes = Collections.nCopies(LAYERS, 1.0);
    ChoiceRequest request = ChoiceRequest.of(8, 24).withMicroBatches(12);
    ReplicaOption stages =
        ReplicaChooser.choose(profile, request, bytes, OptionalInt.of(2), OPEN, OPEN).best();
    assertEquals(2, stages.executors() / stages.replicas());
    assertEquals(12, stages.replicas() * stages.choice().best().request().microBatches());
    ReplicaOption groups =
        ReplicaChooser.choose(profile, request, bytes, OPEN, OPEN, OptionalInt.of(3)).best();
    assertTrue(groups.replicas() == 3 || groups.replicas() == 1, groups::toString);
    ReplicaOption fixed =
        ReplicaChooser.choose(profile, request, bytes, OPEN, OptionalInt.of(2), OPEN).best();
    assertEquals(2, fixed.replicas());
    assertThrows(
        IllegalArgumentException.class,
        () -> ReplicaChooser.choose(profile, request, bytes, OPEN, OptionalInt.of(9), OPEN));
  }

  /** What a rank exchanges and updates is that of all its stages, or of their segments. */
  @Test
  void aRanksStagesCountTogether() {
    Profile profile = profile(100, 1e6, Long.MAX_VALUE);
    List<Double> gradients = Collections.nCopies(LAYERS, 100.0);
    Schedule whole = Schedules.generate("1f1b", 1, 4);
    Schedule segments = Segmentation.even(1, LAYERS, false).in(whole);
    Cut each = new Cut(IntStream.range(0, LAYERS).boxed().toList(), LAYERS);
    LayerCosts layers = profile.costs(16, 4);
    long one =
        Prediction.of(profile, layers, whole, new Cut(List.of(0), LAYERS), 2, gradients).bytes()
            - Prediction.of(profile, layers, whole, new Cut(List.of(0), LAYERS)).bytes();
    long divided =
        Prediction.of(profile, layers, segments, each, 2, gradients).bytes()
            - Prediction.of(profile, layers, segments, each).bytes();
    assertEquals(2 * 100 * LAYERS, one);
    assertEquals(one, divided);
  }
}
