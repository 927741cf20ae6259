package io.penstock.dl4j;

/** What the two dimensions of a row mean in Penstock. No layer of Penstock's swaps them. */
enum Axes {
  /** No layer has told yet. */
  UNKNOWN("[?, ?]"),
  /** A vector for each step. */
  SEQUENCE("[length, width]"),
  /** A row of numbers for each channel. */
  SIGNAL("[channels, length]");

  private final String dims;

  Axes(String dims) {
    this.dims = dims;
  }

  /** Their names. */
  String dims() {
    return dims;
  }
}
