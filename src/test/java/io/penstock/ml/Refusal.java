package io.penstock.ml;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;

/**
 * What came of a mistake.
 *
 * @param thrown by the attempt
 */
record Refusal(Mistake mistake, Exception thrown) {
  /** Makes the mistake. */
  static Refusal of(Mistake mistake, Bench bench) {
    bench.nextPlace();
    return new Refusal(
        mistake,
        assertThrows(Exception.class, () -> mistake.attempt().make(bench), mistake.name()));
  }

  /** Every word is there, and no exception that says how the code is made in place of a reason. */
  void assertTold() {
    String message = String.valueOf(thrown.getMessage());
    for (String word : mistake.words()) {
      assertTrue(message.contains(word), () -> "no \"" + word + "\" in: " + thrown);
    }
    assertFalse(
        thrown instanceof NullPointerException
            || thrown instanceof ClassCastException
            || thrown instanceof IndexOutOfBoundsException,
        thrown::toString);
  }

  static void assertNothingIsLeft(Bench bench) throws Exception {
    assertEquals(List.of(), bench.loadable(), "what can be loaded after it failed");
    assertEquals(List.of(), bench.left(), "files that stay");
  }
}
