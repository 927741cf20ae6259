package io.penstock.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;

/** What a {@link DeviceCase} has learnt, and told on its way. */
record DeviceOutcome(
    double[] losses,
    Map<Integer, float[]> weights,
    List<Double> epochs,
    List<Validation> validations,
    List<String> skipped) {
  /** Everything is the same, bit for bit. */
  void assertSame(DeviceOutcome other, String what) {
    assertSameWeights(other, what);
    assertEquals(epochs, other.epochs, what);
    assertEquals(validations, other.validations, what);
    assertEquals(skipped, other.skipped, what);
  }

  /** The losses of all steps and the weights are the same, bit for bit. */
  void assertSameWeights(DeviceOutcome other, String what) {
    assertArrayEquals(losses, other.losses, 0, what);
    assertEquals(weights.keySet(), other.weights.keySet(), what);
    weights.forEach(
        (layer, own) ->
            assertArrayEquals(own, other.weights.get(layer), 0f, what + ": layer " + layer));
  }

  /**
   * The losses of all steps are as near as this. Weights are not asked: an optimizer that divides
   * by a gradient's size makes a whole step of a gradient that is nothing but rounding.
   */
  void assertNear(DeviceOutcome other, double tolerance, String what) {
    assertArrayEquals(losses, other.losses, tolerance, what);
    assertEquals(weights.keySet(), other.weights.keySet(), what);
    assertEquals(skipped, other.skipped, what);
  }
}
