package io.penstock.balance;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

class PartitionerTest {
  /** The slowest stage, then how uneven: sum of squared costs, sum of squared layer counts. */
  private static double[] figures(double[] costs, Cut cut) {
    double[] figures = new double[3];
    for (int stage = 0; stage < cut.stages(); stage++) {
      double cost = 0;
      for (int layer = cut.end(stage) - 1; layer >= cut.first(stage); layer--) {
        cost += costs[layer];
      }
      int layers = cut.end(stage) - cut.first(stage);
      figures[0] = Math.max(figures[0], cost);
      figures[1] += cost * cost;
      figures[2] += layers * layers;
    }
    return figures;
  }

  private static void extend(List<Integer> starts, int layers, int stages, List<Cut> cuts) {
    if (starts.size() == stages) {
      cuts.add(new Cut(starts, layers));
      return;
    }
    for (int next = starts.get(starts.size() - 1) + 1; next < layers; next++) {
      List<Integer> longer = new ArrayList<>(starts);
      longer.add(next);
      extend(longer, layers, stages, cuts);
    }
  }

  private static List<Cut> allCuts(int layers, int stages) {
    List<Cut> cuts = new ArrayList<>();
    extend(List.of(0), layers, stages, cuts);
    return cuts;
  }

  private static double slowest(int stages, double... costs) {
    return figures(costs, Partitioner.partition(costs, stages))[0];
  }

  @Test
  void knownCasesReachTheBestSlowestStage() {
    assertEquals(
        new Cut(List.of(0, 4), 6), Partitioner.partition(new double[] {1, 2, 3, 4, 5, 6}, 2));
    assertEquals(10, slowest(3, 10, 1, 1, 1, 1, 1, 1, 10));
    assertEquals(3, slowest(3, 1, 1, 1, 1, 1, 1, 1, 1));
    assertEquals(20, slowest(3, 5, 20, 2, 8, 8, 1, 1));
    assertEquals(20, slowest(5, 1, 1, 1, 1, 20, 2, 1, 1));
  }

  @Test
  void noCutIsBetterByExhaustiveSearch() {
    Random random = new Random(1);
    for (int i = 0; i < 10_000; i++) {
      int layers = 1 + random.nextInt(8);
      int stages = 1 + random.nextInt(layers);
      // Whole numbers, zeros among them, add up exactly, so all three figures can be compared.
      double[] costs = random.ints(layers, 0, i % 2 == 0 ? 4 : 30).asDoubleStream().toArray();
      double[] best =
          allCuts(layers, stages).stream()
              .map(cut -> figures(costs, cut))
              .min(Arrays::compare)
              .orElseThrow();
      assertArrayEquals(
          best,
          figures(costs, Partitioner.partition(costs, stages)),
          () -> Arrays.toString(costs) + " into " + stages);
    }
  }

  @Test
  void fractionsAndWidelyDifferentCostsAreCutExactlyToo() {
    Random random = new Random(2);
    for (int i = 0; i < 1000; i++) {
      int layers = 2 + random.nextInt(7);
      int stages = 1 + random.nextInt(layers);
      double[] costs =
          IntStream.range(0, layers)
              .mapToDouble(layer -> random.nextDouble() * Math.pow(10, random.nextInt(40) - 20))
              .toArray();
      double best =
          allCuts(layers, stages).stream()
              .mapToDouble(cut -> figures(costs, cut)[0])
              .min()
              .orElseThrow();
      assertEquals(best, slowest(stages, costs));
    }
  }

  @Test
  void amongEqualCutsTheFirstStagesGetFewerLayers() {
    double[] ones = {1, 1, 1, 1, 1, 1, 1, 1};
    assertEquals(List.of(0, 2, 5), Partitioner.partition(ones, 3).starts());
  }

  @Test
  void layersThatCostNothingAreSpreadByCount() {
    assertEquals(List.of(0, 2, 4, 6), Partitioner.partition(new double[8], 4).starts());
  }

  @Test
  void hugeAndTinyCostsKeepTheirOrder() {
    double huge = Double.MAX_VALUE;
    double tiny = Double.MIN_VALUE;
    assertEquals(
        List.of(0, 2), Partitioner.partition(new double[] {huge, huge, huge, huge}, 2).starts());
    assertEquals(
        List.of(0, 2), Partitioner.partition(new double[] {tiny, tiny, tiny, tiny}, 2).starts());
  }

  @Test
  void manyLayersAreCutQuickly() {
    double[] costs = new Random(3).doubles(200).toArray();
    assertTimeout(
        Duration.ofSeconds(1), () -> assertEquals(16, Partitioner.partition(costs, 16).stages()));
  }

  @Test
  void moreStagesThanLayersAreAnsweredWithWhatToDo() {
    var e =
        assertThrows(
            IllegalArgumentException.class, () -> Partitioner.partition(new double[] {1, 2}, 3));
    assertTrue(e.getMessage().contains("3 stages"), e.getMessage());
    assertTrue(e.getMessage().contains("2 layers"), e.getMessage());
    assertTrue(e.getMessage().contains("use 2 stages or fewer"), e.getMessage());
    assertThrows(
        IllegalArgumentException.class, () -> Partitioner.partition(new double[] {1, 2}, 0));
    assertThrows(IllegalArgumentException.class, () -> Partitioner.partition(new double[0], 1));
  }

  @Test
  void costsThatAreNoCostsAreNamed() {
    for (double wrong : new double[] {-1, Double.NaN, Double.POSITIVE_INFINITY}) {
      var e =
          assertThrows(
              IllegalArgumentException.class,
              () -> Partitioner.partition(new double[] {1, wrong}, 1));
      assertTrue(e.getMessage().contains("layer 1 costs " + wrong), e.getMessage());
    }
  }
}
