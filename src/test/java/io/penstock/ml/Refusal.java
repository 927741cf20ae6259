package io.penstock.ml;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.regex.Pattern;

/**
 * What came of a mistake.
 *
 * @param thrown by the attempt
 */
record Refusal(Mistake mistake, Exception thrown) {
  /** Records and optional values as Java prints them; layers and updaters are told so. */
  private static final Pattern RAW =
      Pattern.compile(
          "Optional(Int|Long|Double)?[.\\[]|\\b(?!Sequential)\\w*(Request|Costs|Plan|Cut)\\[");

  private static final Pattern ONE_OF_MANY =
      Pattern.compile(
          "(?<![\\d.,])1 (stages|executors|replicas|rows|layers|micro-batches|numbers|outputs|"
              + "tasks|epochs|steps|columns|classes|weights|blocks|ranks|features|ids|tokens)\\b");

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
    assertFalse(RAW.matcher(message).find(), () -> "it shows how the code is made: " + thrown);
    assertFalse(ONE_OF_MANY.matcher(message).find(), () -> "one is not many: " + thrown);
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
