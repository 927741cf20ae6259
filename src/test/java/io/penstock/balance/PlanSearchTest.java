package io.penstock.balance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.schedule.Verifier;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlanSearchTest {
  private static final int LAYERS_A_RANK = 4;

  /** Bytes that a layer keeps of a row; its output is of one byte. */
  private static final int KEPT = 100;

  /** Layers of 1/4 a pass and row, but for some; free links. */
  private static Profile profile(int ranks, double first, double middle, double last, long memory) {
    int layers = LAYERS_A_RANK * ranks;
    double[] times = new double[layers];
    Arrays.fill(times, 0.25);
    times[0] *= first;
    times[layers / 2] *= middle;
    times[layers - 1] *= last;
    List<RowTimes> measured =
        IntStream.of(1, 8)
            .mapToObj(
                rows -> {
                  List<Double> ofRows = DoubleStream.of(times).map(t -> t * rows).boxed().toList();
                  return new RowTimes(rows, ofRows, ofRows, ofRows);
                })
            .toList();
    LayerCosts oneRow =
        new LayerCosts(Collections.nCopies(layers, new LayerCost(0, 0, 0, 0, KEPT, 1)), 1);
    return new Profile(oneRow, measured, 0, Double.POSITIVE_INFINITY, memory);
  }

  private static Choice choose(Profile profile, int ranks) {
    int microBatches = 4 * ranks;
    return Chooser.choose(
        profile, ChoiceRequest.of(ranks, microBatches).withMicroBatches(microBatches));
  }

  /** What ranks of equal layers keep of as many micro-batches as there are ranks, as 1F1B's. */
  private static long memory(int ranks) {
    return ranks * (long) (LAYERS_A_RANK * KEPT + LAYERS_A_RANK);
  }

  /** The figures of docs/schedules.md. */
  @ParameterizedTest
  @CsvSource({
    "4, 1, 1, 1, 1, zb-v 48.00",
    "4, 4, 1, 1, 1, v-half 67.00 -> 65.00",
    "4, 1, 4, 1, 1, v-half 68.75 -> 62.50",
    "4, 1, 1, 4, 1, v-half 68.25 -> 63.75",
    "4, 3, 1, 3, 1, 1f1b 71.25 -> 66.25",
    "8, 1, 1, 1, 1, zb-v 96.00",
    "8, 4, 1, 1, 1, v-half 133.00",
    "8, 1, 4, 1, 1, dualpipe-v 128.00 -> 125.25",
    "8, 1, 1, 4, 1, dualpipe-v 128.25",
    "8, 3, 1, 3, 1, 1f1b 143.25 -> 134.25",
    "4, 1, 1, 1, 2, v-min 53.50",
    "4, 4, 1, 1, 2, v-min 88.00",
    "4, 1, 4, 1, 2, v-min 92.25 -> 79.25",
    "4, 1, 1, 4, 2, v-min 107.00 -> 103.50",
    "4, 3, 1, 3, 2, v-min 100.50 -> 97.00",
    "8, 1, 1, 1, 2, v-min 109.50",
    "8, 4, 1, 1, 2, v-min 148.25 -> 140.25",
    "8, 1, 4, 1, 2, v-min 203.75 -> 172.00",
    "8, 1, 1, 4, 2, v-min 203.75 -> 155.25",
    "8, 3, 1, 3, 2, v-min 159.25"
  })
  void whatASearchGainsIsAsTheDocsHaveIt(
      int ranks, double first, double middle, double last, int share, String expected) {
    Profile profile = profile(ranks, first, middle, last, memory(ranks) / share);
    Choice choice = choose(profile, ranks);
    Candidate best = choice.best();
    boolean searched = best.schedule().name().endsWith(", searched");
    Candidate fixed = searched ? choice.next().get(0) : best;
    String actual =
        String.format(Locale.ROOT, "%s %.2f", fixed.request().id(), fixed.seconds())
            + (searched ? String.format(Locale.ROOT, " -> %.2f", best.seconds()) : "");
    assertEquals(expected, actual);
    assertTrue(best.bytes() <= profile.memoryLimit());
  }

  @Test
  void aSearchedPlanIsNamedSoInTheTableWithTheBestGeneratedOneNext() {
    Choice choice = choose(profile(4, 1, 4, 1, memory(4)), 4);
    Candidate best = choice.best();
    assertEquals(best.request().id() + ", searched", best.schedule().name());
    assertTrue(best.seconds() <= (1 - PlanSearch.WORTH) * choice.next().get(0).seconds());
    assertTrue(choice.table().contains("* " + best.schedule().name()), choice::table);
    Verifier.verify(best.schedule());
  }

  @Test
  void aPlanThatNoOrderImprovesStaysAsItIs() {
    Choice choice = choose(profile(4, 1, 1, 1, CutConstraints.UNLIMITED), 4);
    assertEquals("zb-v", choice.best().schedule().name());
  }
}
