package io.penstock.bench;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class WorkTest {
  @Test
  void aStepCostsSixOperationsAWeight() {
    Work work = Work.named("W1");
    long weights = 0;
    for (int layer = 0; layer < work.network().layers().size(); layer++) {
      weights += work.network().parameterCount(layer);
    }
    assertEquals(6.0 * weights, work.flopsOfRow(), 0.01 * work.flopsOfRow());
  }

  @Test
  void aConvolutionCostsItsWindowAtEveryPlace() {
    long products = 28 * 28 * 32 * 9 + 14 * 14 * 64 * 9 * 32 + 3136 * 128 + 128 * 10;
    Work work = Work.named("W3");
    assertEquals(3 * 2.0 * products, work.flopsOfRow(), 0.02 * work.flopsOfRow());
    assertEquals(work.network().input().size(), work.features(0).length);
  }

  @Test
  void sizesAndTheHeaviestProductAreTheNetworks() {
    Work work = Work.named("W1");
    assertArrayEquals(
        new int[] {784, 1024, 1024, 1024, 1024, 1024, 1024, 1024, 1024, 10}, work.sizes());
    assertArrayEquals(new long[] {64, 1024, 1024}, work.gemmShape(8));
    assertEquals(16, work.steps());
  }

  @Test
  void theSmallWorkIsThePerceptronOfTheMainJobOverStepsEnoughToTime() {
    Work work = Work.named("W0");
    assertArrayEquals(new int[] {784, 256, 128, 100, 10}, work.sizes());
    assertEquals(128, work.batchSize());
    assertEquals(200, work.steps());
  }

  @Test
  void aRowIsTheSameForAllWhoAsk() {
    Work work = Work.named("small");
    assertArrayEquals(work.features(7), work.features(7));
    assertTrue(work.label(7) >= 0 && work.label(7) < 4);
  }

  @Test
  void anUnknownNameListsTheKnown() {
    IllegalArgumentException unknown =
        assertThrows(IllegalArgumentException.class, () -> Work.named("W9"));
    assertTrue(
        unknown.getMessage().contains("one of W0, W1, W2, W3, deep, small-gpt, small"),
        unknown.getMessage());
  }

  @Test
  void aStepOfTheGptCostsSixOperationsAWeightAndPlaceAndTheAttention() {
    Work work = Work.named("W2");
    assertEquals(2.6e9, work.flopsOfRow(), 0.1e9);
    assertArrayEquals(new long[] {256, 256, 1024}, work.gemmShape(8));
  }

  @Test
  void aConvolutionsProductIsThatOfAllItsWindows() {
    assertArrayEquals(new long[] {16 * 14 * 14, 9 * 32, 64}, Work.named("W3").gemmShape(8));
  }
}
