package io.penstock.balance;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.penstock.Bytes;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class PartitionerTest {
  private static double[] figures(double[] costs, Cut cut) {
    return AllCuts.figures(cut, LayerCosts.ofTimes(costs), CutConstraints.of(cut.stages()));
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
      LayerCosts alike = AllCuts.randomCosts(random, layers);
      LayerCosts costs = i % 3 == 0 ? AllCuts.onUnequalRanks(random, alike, stages) : alike;
      CutConstraints constraints = AllCuts.randomLayout(random, stages);
      List<Cut> cuts = AllCuts.of(layers, stages);
      if (i % 2 == 0) {
        Cut any = cuts.get(random.nextInt(cuts.size()));
        constraints = constraints.withMemoryLimit(AllCuts.bytes(any, costs, constraints));
      }
      assertNoneIsBetter(cuts, costs, constraints);
    }
  }

  private static void assertNoneIsBetter(
      List<Cut> cuts, LayerCosts costs, CutConstraints constraints) {
    double[] best =
        cuts.stream()
            .filter(cut -> AllCuts.bytes(cut, costs, constraints) <= constraints.memoryLimit())
            .map(cut -> AllCuts.figures(cut, costs, constraints))
            .min(Arrays::compare)
            .orElseThrow();
    Cut cut = Partitioner.partition(costs, constraints);
    assertTrue(AllCuts.bytes(cut, costs, constraints) <= constraints.memoryLimit());
    assertArrayEquals(
        best,
        AllCuts.figures(cut, costs, constraints),
        () -> cut + " of " + costs + " into " + constraints);
  }

  @Test
  void aLimitThatNoCutKeepsIsAnsweredWithOneThatWouldDo() {
    Random random = new Random(5);
    for (int i = 0; i < 500; i++) {
      int layers = 1 + random.nextInt(8);
      int stages = 1 + random.nextInt(layers);
      LayerCosts costs = AllCuts.randomCosts(random, layers);
      CutConstraints constraints = AllCuts.randomLayout(random, stages);
      long least =
          AllCuts.of(layers, stages).stream()
              .mapToLong(cut -> AllCuts.bytes(cut, costs, constraints))
              .min()
              .orElseThrow();
      if (least > 0) {
        var e =
            assertThrows(
                IllegalArgumentException.class,
                () -> Partitioner.partition(costs, constraints.withMemoryLimit(least - 1)));
        String wouldDo = new Bytes(least).up() + " would do";
        assertTrue(e.getMessage().contains(wouldDo), () -> e.getMessage() + " not " + wouldDo);
      }
    }
  }

  @Test
  void aLimitThatNoCutKeepsIsAnsweredWithHowManyStagesWouldDo() {
    LayerCosts costs =
        new LayerCosts(Collections.nCopies(8, new LayerCost(1, 1, 1, 100, 10, 5)), 5);
    CutConstraints constraints = CutConstraints.of(2).withInFlight(List.of(2, 1));
    var few =
        assertThrows(
            IllegalArgumentException.class,
            () -> Partitioner.partition(costs, constraints.withMemoryLimit(250)));
    assertTrue(few.getMessage().contains("or 4 stages if none keeps more than 2 micro-batches"));
    var none =
        assertThrows(
            IllegalArgumentException.class,
            () -> Partitioner.partition(costs, constraints.withMemoryLimit(100)));
    assertTrue(none.getMessage().contains("no other cut would do"), none.getMessage());
  }

  /** One layer takes 100 bytes, and 15 more for every micro-batch in flight. */
  @Test
  void whatIsAdvisedCanBeDone() {
    LayerCosts costs =
        new LayerCosts(Collections.nCopies(4, new LayerCost(1, 1, 1, 100, 10, 5)), 5);
    assertTrue(refusal(costs, 2, 120).contains("keep fewer micro-batches in flight than 2"));
    for (int inFlight : List.of(1, 2)) {
      String rows = refusal(costs, inFlight, 110);
      assertTrue(rows.contains("put fewer rows in a micro-batch, if it has several"), rows);
      String memory = refusal(costs, inFlight, 90);
      assertTrue(memory.contains("of one layer take 100 B alone"), memory);
      assertTrue(memory.contains("only more memory or a smaller layer will"), memory);
    }
  }

  private static String refusal(LayerCosts costs, int inFlight, long limit) {
    CutConstraints constraints =
        CutConstraints.of(1).withInFlight(List.of(inFlight)).withMemoryLimit(limit);
    return assertThrows(
            IllegalArgumentException.class, () -> Partitioner.partition(costs, constraints))
        .getMessage();
  }

  @Test
  void sendingMovesTheCutToANarrowPlace() {
    LayerCosts costs =
        new LayerCosts(
            List.of(
                new LayerCost(1, 0, 0, 0, 0, 100),
                new LayerCost(1, 0, 0, 0, 0, 100),
                new LayerCost(1, 0, 0, 0, 0, 1),
                new LayerCost(1, 0, 0, 0, 0, 100)),
            100);
    assertEquals(List.of(0, 2), Partitioner.partition(costs, CutConstraints.of(2)).starts());
    assertEquals(
        List.of(0, 3),
        Partitioner.partition(costs, CutConstraints.of(2).withSendCost(0, 1)).starts());
    assertEquals(
        List.of(0, 2),
        Partitioner.partition(
                costs, CutConstraints.of(2).withRanks(List.of(0, 0)).withSendCost(0, 1))
            .starts(),
        "nothing is sent within a rank");
  }

  @Test
  void aRankWithASlowStageGetsLittleBesides() {
    double[] times = {10, 1, 1, 1, 1, 1, 1, 1};
    CutConstraints loop = CutConstraints.of(4).withRanks(List.of(0, 1, 0, 1));
    Cut cut = Partitioner.partition(LayerCosts.ofTimes(times), loop);
    assertEquals(1, cut.end(2) - cut.first(2));
  }

  @Test
  void aCutMadeByHandIsChecked() {
    LayerCosts costs =
        new LayerCosts(Collections.nCopies(4, new LayerCost(1, 1, 1, 100, 10, 5)), 5);
    CutConstraints constraints = CutConstraints.of(2).withMemoryLimit(300);
    Partitioner.check(new Cut(List.of(0, 2), 4), costs, constraints);
    assertRefused(
        new Cut(List.of(0, 1, 2), 4), costs, constraints, "makes 3 stages, but 2 are wanted");
    assertRefused(new Cut(List.of(0, 2), 5), costs, constraints, "the network has 4 layers");
    assertRefused(
        new Cut(List.of(0, 1), 4),
        costs,
        constraints,
        "rank 1 needs 335 B",
        "can hold 300 B",
        "largest rank needs 225 B");
  }

  private static void assertRefused(
      Cut cut, LayerCosts costs, CutConstraints constraints, String... words) {
    var e =
        assertThrows(
            IllegalArgumentException.class, () -> Partitioner.check(cut, costs, constraints));
    for (String word : words) {
      assertTrue(e.getMessage().contains(word), e.getMessage());
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
          AllCuts.of(layers, stages).stream()
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
  @Timeout(120) // 0.1 s on a quiet machine; a search that grows with every cut would not end
  void manyLayersAreCut() {
    LayerCosts costs = LayerCosts.ofTimes(new Random(3).doubles(200).toArray());
    for (int ranks : new int[] {16, 8, 4}) {
      List<Integer> loop = IntStream.range(0, 16).mapToObj(stage -> stage % ranks).toList();
      CutConstraints constraints = CutConstraints.of(16).withRanks(loop).withSendCost(0.1, 0);
      assertEquals(16, Partitioner.partition(costs, constraints).stages());
    }
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
