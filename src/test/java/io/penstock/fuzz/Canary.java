package io.penstock.fuzz;

/** Class that files name and nothing uses: it notes when it is initialised. */
final class Canary {
  static final String SUNG = "penstock.fuzz.canary";

  static {
    System.setProperty(SUNG, "yes");
  }

  private Canary() {}
}
