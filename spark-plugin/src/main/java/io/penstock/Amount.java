package io.penstock;

import java.util.Locale;

/**
 * Number of things in words: 1 row, 2,000 rows. Immutable.
 *
 * @param number how many
 * @param thing what one of them is called
 */
@Internal
public record Amount(long number, String thing) {
  @Override
  public String toString() {
    boolean hisses = thing.endsWith("batch") || thing.endsWith("ss");
    String ending = number == 1 ? "" : hisses ? "es" : "s";
    return String.format(Locale.ROOT, "%,d %s%s", number, thing, ending);
  }

  /** Returns it with its verb: 1 stage needs, 2 stages need. */
  public String with(String verbOfOne, String verbOfSeveral) {
    return this + " " + (number == 1 ? verbOfOne : verbOfSeveral);
  }
}
