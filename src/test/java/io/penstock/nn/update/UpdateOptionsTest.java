package io.penstock.nn.update;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class UpdateOptionsTest {
  private static final UpdateOptions NONE = UpdateOptions.NONE;

  @Test
  void theRateClimbsThenGoesDownToNothing() {
    for (RateDecay decay : RateDecay.values()) {
      UpdateOptions options = NONE.withWarmUp(4).withDecay(decay, 14);
      assertEquals(0.25, options.rateFactor(0), 0);
      assertEquals(1, options.rateFactor(3), 0);
      assertEquals(1, options.rateFactor(4), 0);
      double half = decay == RateDecay.NONE ? 1 : 0.5;
      assertEquals(half, options.rateFactor(9), 1e-15);
      assertEquals(decay == RateDecay.NONE ? 1 : 0, options.rateFactor(14), 1e-15);
      assertEquals(decay == RateDecay.NONE ? 1 : 0, options.rateFactor(99), 1e-15);
    }
    assertEquals(
        (1 + Math.sqrt(0.5)) / 2, NONE.withDecay(RateDecay.COSINE, 4).rateFactor(1), 1e-15);
  }

  @Test
  void numbersAreRefusedWithWhatIsWrong() {
    assertMessage("clipNorm is -1.0", () -> NONE.withClipNorm(-1));
    assertMessage("clipValue is NaN", () -> NONE.withClipValue(Double.NaN));
    assertMessage("weightDecay is Infinity", () -> NONE.withWeightDecay(Double.POSITIVE_INFINITY));
    assertMessage("warmUpSteps is -3", () -> NONE.withWarmUp(-3));
    assertMessage("after 5 steps", () -> NONE.withWarmUp(5).withDecay(RateDecay.LINEAR, 5));
    assertMessage("'steep'; use one of [none, linear, cosine]", () -> RateDecay.named("steep"));
    assertEquals(RateDecay.COSINE, RateDecay.named("cosine"));
  }

  private static void assertMessage(String part, Runnable made) {
    String message = assertThrows(IllegalArgumentException.class, made::run).getMessage();
    assertTrue(message.contains(part), message);
  }
}
