package io.penstock.balance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.IntFunction;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class OutputBlocksTest {
  /**
   * Layers before the last one, and that one in equal blocks, each of which costs more by itself.
   */
  private static IntFunction<LayerCosts> costs(double output, double each, double... front) {
    return blocks ->
        LayerCosts.ofTimes(
            DoubleStream.concat(
                    DoubleStream.of(front),
                    DoubleStream.generate(() -> output / blocks + (blocks > 1 ? each : 0))
                        .limit(blocks))
                .toArray());
  }

  private static int least(int stages, IntFunction<LayerCosts> costs) {
    return new OutputBlocks(CutConstraints.of(stages), 40).least(costs);
  }

  @Test
  void asFewBlocksAsBalanceTheStages() {
    assertEquals(3, least(4, costs(12, 0, 1, 1, 1, 1)));
    assertEquals(1, least(1, costs(12, 0, 1, 1, 1, 1)));
    // Stages of 6: a third of the output lies beside the layers before it.
    assertEquals(4, least(2, costs(8, 0, 1, 1, 1, 1)));
    // Of 4, 4 and 4, or of 4.2 at most.
    assertEquals(2, least(3, costs(8.2, 0, 2, 2)));
    assertEquals(5, least(5, costs(100, 0, 0.1)));
  }

  @Test
  void anOutputThatIsNoHeavierThanAStageStaysWhole() {
    assertEquals(1, least(3, costs(4, 0, 2, 2, 2, 2)));
    assertEquals(1, least(3, costs(4.1, 0, 2, 2, 2, 2)));
    assertTrue(least(3, costs(6, 0, 2, 2, 2, 2)) > 1);
  }

  /** Another layer is the slowest stage whatever becomes of the output. */
  @Test
  void whereItWouldNotHelpItStaysWhole() {
    assertEquals(1, least(3, costs(10, 0, 1, 10, 1)));
    assertEquals(1, least(2, costs(10, 20, 1, 1)));
  }

  @Test
  void blocksThatCostSomethingByThemselvesAreFewer() {
    assertEquals(4, least(4, costs(40, 0, 0.001)));
    assertTrue(least(8, costs(40, 3, 10, 10, 10)) <= 5);
  }

  @Test
  void moreStagesThanLayersTakeAsManyBlocksAsThereAreStagesLeft() {
    assertEquals(3, least(4, costs(3, 0, 1)));
    assertEquals(1, new OutputBlocks(CutConstraints.of(4), 2).least(costs(3, 0, 1)));
  }

  /** A layer that no rank can hold is split, though it is quick. */
  @Test
  void anOutputThatDoesNotFitIsSplitTillItDoes() {
    IntFunction<LayerCosts> costs =
        blocks -> {
          List<LayerCost> layers = new ArrayList<>();
          layers.add(new LayerCost(9, 0, 0, 10, 0, 1));
          IntStream.range(0, blocks)
              .forEach(block -> layers.add(new LayerCost(3.0 / blocks, 0, 0, 90 / blocks, 0, 1)));
          return new LayerCosts(layers, 0);
        };
    CutConstraints two = CutConstraints.of(2);
    assertEquals(1, new OutputBlocks(two.withMemoryLimit(91), 8).least(costs));
    assertTrue(new OutputBlocks(two.withMemoryLimit(60), 8).least(costs) > 1);
    assertEquals(1, new OutputBlocks(two.withMemoryLimit(5), 8).least(costs));
  }

  @Test
  void noFewerWouldDoAndNoNumberIsMuchBetter() {
    Random random = new Random(1);
    for (int i = 0; i < 300; i++) {
      int stages = 1 + random.nextInt(6);
      double[] front = random.doubles(1 + random.nextInt(6), 0.5, 3).toArray();
      IntFunction<LayerCosts> costs = costs(random.nextDouble() * 30, 0, front);
      int least = least(stages, costs);
      double best =
          IntStream.rangeClosed(1, 40)
              .mapToDouble(blocks -> slowest(costs.apply(blocks), stages))
              .min()
              .orElseThrow();
      if (best < Double.POSITIVE_INFINITY) {
        double own = slowest(costs.apply(least), stages);
        assertTrue(own <= 1.05 * 1.05 * best, i + ": " + own + " and " + best);
        for (int fewer = 1; fewer < least; fewer++) {
          double other = slowest(costs.apply(fewer), stages);
          assertTrue(other > own, i + ": " + fewer + " blocks would do for " + least);
        }
      }
    }
  }

  private static double slowest(LayerCosts costs, int stages) {
    if (costs.count() < stages) {
      return Double.POSITIVE_INFINITY;
    }
    Cut cut = Partitioner.partition(costs, CutConstraints.of(stages));
    return IntStream.range(0, stages)
        .mapToDouble(
            stage ->
                costs.layers().subList(cut.first(stage), cut.end(stage)).stream()
                    .mapToDouble(LayerCost::time)
                    .sum())
        .max()
        .orElseThrow();
  }
}
