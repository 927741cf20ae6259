package io.penstock.nn.loss;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class LossesTest {
  @Test
  void lossesAreFoundByName() {
    assertSame(Losses.softmaxCrossEntropy(), Losses.named("softmaxCrossEntropy"));
    assertSame(Losses.squaredError(), Losses.named("squaredError"));
    String message =
        assertThrows(IllegalArgumentException.class, () -> Losses.named("mse")).getMessage();
    assertTrue(message.contains("squaredError"), message);
    assertEquals("squaredError", Losses.squaredError().name());
  }
}
