package io.penstock;

/**
 * Number of things in words: 1 row, 2 rows. Immutable.
 *
 * @param number how many
 * @param thing what one of them is called
 */
@Internal
public record Amount(long number, String thing) {
  @Override
  public String toString() {
    boolean hisses = thing.endsWith("batch") || thing.endsWith("ss");
    return number + " " + thing + (number == 1 ? "" : hisses ? "es" : "s");
  }
}
