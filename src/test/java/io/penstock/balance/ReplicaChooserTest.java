package io.penstock.balance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Collections;
import java.util.List;
import java.util.OptionalInt;
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
}
