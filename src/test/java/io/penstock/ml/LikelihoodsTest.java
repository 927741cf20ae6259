package io.penstock.ml;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class LikelihoodsTest {
  private final Likelihoods likelihoods =
      new Likelihoods(new double[] {Math.log(1), Math.log(5), Math.log(4)});

  @Test
  void probabilitiesAreTheSoftmaxOfTheScores() {
    assertEquals(Math.log(0.1), likelihoods.logOf(0), 1e-12);
    assertEquals(Math.log(0.5), likelihoods.logOf(1), 1e-12);
    assertEquals(-1000, new Likelihoods(new double[] {0, 1000}).logOf(0), 1e-9);
    assertEquals(1, likelihoods.likeliest());
  }

  @Test
  void drawsGoByTheShareBefore() {
    assertEquals(0, likelihoods.drawn(1, 0.09));
    assertEquals(1, likelihoods.drawn(1, 0.11));
    assertEquals(1, likelihoods.drawn(1, 0.59));
    assertEquals(2, likelihoods.drawn(1, 0.61));
    assertEquals(1, likelihoods.drawn(1, 1), "beyond the last one by rounding");
  }

  @Test
  void temperatureSharpensAndFlattens() {
    assertEquals(1, likelihoods.drawn(0, 0.99));
    assertEquals(1, likelihoods.drawn(0.01, 0.99));
    assertEquals(0, likelihoods.drawn(1e6, 0.33));
    assertEquals(2, likelihoods.drawn(1e6, 0.67));
  }

  @Test
  void anUnknownIdIsToldWithTheOnesThereAre() {
    String message =
        assertThrows(IllegalArgumentException.class, () -> likelihoods.logOf(3)).getMessage();
    assertTrue(message.contains("3 is no id") && message.contains("0 to 2"), message);
  }
}
