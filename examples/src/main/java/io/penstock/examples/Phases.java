package io.penstock.examples;

import java.io.PrintStream;
import java.util.Locale;

/** What an example is at: a line when a phase begins, with the time since the first began. */
final class Phases {
  private static final double NANOS = 1e9;

  private final PrintStream out;
  private final long start = System.nanoTime();
  private long last = start;

  Phases(PrintStream out) {
    this.out = out;
  }

  /**
   * Says that a phase begins.
   *
   * @param what as {@link String#format} takes it
   * @return the seconds since the phase before began; 0, nearly, for the first
   */
  double next(String what, Object... values) {
    double seconds = lap();
    out.printf(
        Locale.ROOT,
        "[%5.1f s] %s%n",
        (last - start) / NANOS,
        String.format(Locale.ROOT, what, values));
    return seconds;
  }

  /** The seconds since the last phase began; the next one is measured from here. */
  double lap() {
    long now = System.nanoTime();
    double seconds = (now - last) / NANOS;
    last = now;
    return seconds;
  }
}
