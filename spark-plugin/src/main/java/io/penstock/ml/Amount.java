package io.penstock.ml;

/**
 * Number of things in words: 1 row, 2 rows.
 *
 * @param number how many
 * @param thing what one of them is called
 */
record Amount(long number, String thing) {
  @Override
  public String toString() {
    String many = thing.endsWith("batch") ? "es" : "s";
    return number + " " + thing + (number == 1 ? "" : many);
  }
}
