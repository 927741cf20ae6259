package io.penstock.balance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Plans are chosen together with the layers that are done again. */
@Timeout(120)
class RecomputationChoiceTest {
  private static final double INFINITE = Double.POSITIVE_INFINITY;

  /** Layers that keep several times of what they put out. */
  private static Profile keeping(int layers, Random random, long memory) {
    List<LayerCost> sizes =
        IntStream.range(0, layers)
            .mapToObj(
                layer -> new LayerCost(0, 0, 0, 10, 20 + random.nextInt(10), 4 + random.nextInt(3)))
            .toList();
    Profile times = Profiles.equal(layers, 1, 1, 1, 0.1, memory);
    return new Profile(
        new LayerCosts(sizes, 5), times.executors().get(0).byRows(), 0.1, INFINITE, memory);
  }

  @Test
  void whatIsDoneAgainIsChosenWhereItMakesTheFastestPlanThatFits() {
    Random random = new Random(9);
    int alone = 0;
    int faster = 0;
    for (int i = 0; i < 12; i++) {
      int layers = 6 + random.nextInt(6);
      int rows = 8 + random.nextInt(8);
      long seed = random.nextLong();
      ChoiceRequest never = ChoiceRequest.of(2, rows).withMicroBatches(8);
      ChoiceRequest auto = never.withRecomputation(RecomputePolicy.AUTO);
      long whole =
          Chooser.unsearched(keeping(layers, new Random(seed), CutConstraints.UNLIMITED), never)
              .best()
              .bytes();
      long memory = (long) ((0.3 + 0.6 * random.nextDouble()) * whole);
      Profile profile = keeping(layers, new Random(seed), memory);
      Choice best = Chooser.unsearched(profile, auto);
      assertTrue(best.best().bytes() <= memory);
      try {
        double kept = Chooser.unsearched(profile, never).predictedSeconds();
        assertTrue(best.predictedSeconds() <= kept);
        faster += best.predictedSeconds() < kept ? 1 : 0;
      } catch (IllegalArgumentException nothingFits) {
        assertTrue(best.best().recomputedLayers() > 0);
        assertTrue(best.table().contains(best.best().recomputedLayers() + "/" + layers));
        alone++;
      }
    }
    assertTrue(alone > 0, "some fit for layers that are done again alone");
    assertTrue(faster > 0, "others are faster for that");
  }

  @Test
  void nothingIsDoneAgainWhereAllFits() {
    Profile profile = Profiles.equal(8, 1, 1, 1, 0.1, CutConstraints.UNLIMITED);
    ChoiceRequest never = ChoiceRequest.of(2, 16);
    assertEquals(
        Chooser.choose(profile, never),
        Chooser.choose(profile, never.withRecomputation(RecomputePolicy.AUTO)));
  }

  @Test
  void aRuleOfRecomputationHolds() {
    Profile profile = keeping(8, new Random(1), CutConstraints.UNLIMITED);
    ChoiceRequest request = ChoiceRequest.of(2, 16).withMicroBatches(4);
    for (RecomputePolicy rule : List.of(RecomputePolicy.ALWAYS, RecomputePolicy.SQRT)) {
      Candidate best = Chooser.unsearched(profile, request.withRecomputation(rule)).best();
      assertTrue(best.recomputedLayers() > 0, rule + ": " + best);
    }
  }

  @Test
  void hundredsOfPlansAreChosenFromWhereMostDoNotFit() {
    ChoiceRequest request = ChoiceRequest.of(4, 64).withRecomputation(RecomputePolicy.AUTO);
    Profile free = keeping(24, new Random(1), CutConstraints.UNLIMITED);
    long whole = Chooser.unsearched(free, request).best().bytes();
    Profile profile = keeping(24, new Random(1), whole / 3);
    Choice choice = Chooser.unsearched(profile, request);
    assertTrue(choice.best().bytes() <= profile.memoryLimit());
    assertTrue(choice.considered() > 100, choice::table);
  }
}
