package io.penstock.examples;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Phases of a job: a line when one begins, with the seconds since the command was given, and in the
 * end a table of where the time went. Times are milliseconds since 1970, so that phases which
 * another process or Spark tells of find their place among those of this one. Thread-safe.
 */
final class Phases {
  /** Set by {@code examples/run}: when the command was given, in microseconds since 1970. */
  private static final String LAUNCHED = "PENSTOCK_LAUNCHED";

  /** Set by {@code examples/run}, if it built: when that was done, in microseconds since 1970. */
  private static final String BUILT = "PENSTOCK_BUILT";

  private static final double MICROS_PER_MILLI = 1e3;
  private static final double NANOS_PER_MILLI = 1e6;
  private static final double MILLIS_PER_SECOND = 1e3;

  private record Phase(String what, double start) {}

  private final PrintStream out;
  private final double wallStart = System.currentTimeMillis();
  private final long nanoStart = System.nanoTime();
  private final double start;
  private final List<Phase> phases = new ArrayList<>();
  private double last;

  /** Those of a job that begins now. */
  Phases(PrintStream out) {
    this(out, Map.of());
  }

  private Phases(PrintStream out, Map<String, String> environment) {
    this.out = out;
    this.last = now();
    if (!environment.getOrDefault(LAUNCHED, "").matches("\\d{1,18}")) {
      this.start = last;
      return;
    }
    this.start = millis(environment.get(LAUNCHED));
    if (environment.getOrDefault(BUILT, "").matches("\\d{1,18}")) {
      add("building", start);
      add("starting Java", millis(environment.get(BUILT)));
    } else {
      add("starting Java", start);
    }
  }

  /**
   * Those of a job that {@code examples/run} started: what that did comes first.
   *
   * @param environment of this process
   */
  static Phases sinceLaunch(PrintStream out, Map<String, String> environment) {
    return new Phases(out, environment);
  }

  private static double millis(String micros) {
    return Long.parseLong(micros) / MICROS_PER_MILLI;
  }

  private double now() {
    return wallStart + (System.nanoTime() - nanoStart) / NANOS_PER_MILLI;
  }

  /**
   * Says that a phase begins.
   *
   * @param what as {@link String#format} takes it; the table has it up to the first comma or colon
   *     before a space
   * @return the seconds since the phase before began, those told by {@link #began} aside; 0,
   *     nearly, for the first
   */
  synchronized double next(String what, Object... values) {
    double seconds = lap();
    began(String.format(Locale.ROOT, what, values), last);
    return seconds;
  }

  /** The seconds since the last phase began; the next one is measured from here. */
  synchronized double lap() {
    double now = now();
    double seconds = (now - last) / MILLIS_PER_SECOND;
    last = now;
    return seconds;
  }

  /** Says that a phase began, at a time that somebody else tells of. */
  synchronized void began(String what, double millis) {
    out.printf(Locale.ROOT, "[%5.1f s] %s%n", (millis - start) / MILLIS_PER_SECOND, what);
    add(what.replaceFirst("[,:] .*", ""), millis);
  }

  /** Takes a phase into the table alone. */
  synchronized void add(String what, double millis) {
    int at = phases.size();
    while (at > 0 && phases.get(at - 1).start() > millis) {
      at--;
    }
    phases.add(at, new Phase(what, millis));
  }

  /**
   * Ends the last phase and prints where the time went: by phase the seconds and their share, in
   * the order in which they ended; phases of one name are one.
   */
  synchronized void end() {
    double end = now();
    Map<String, Double> table = new LinkedHashMap<>();
    for (int i = 0; i < phases.size(); i++) {
      double next = i + 1 < phases.size() ? phases.get(i + 1).start() : end;
      Double before = table.remove(phases.get(i).what());
      table.put(phases.get(i).what(), (before == null ? 0 : before) + next - phases.get(i).start());
    }
    double all = Math.max(1, end - start);
    out.printf(Locale.ROOT, "where %.1f s went:%n", (end - start) / MILLIS_PER_SECOND);
    table.forEach(
        (what, millis) ->
            out.printf(
                Locale.ROOT,
                "  %6.1f s %3.0f %%  %s%n",
                millis / MILLIS_PER_SECOND,
                100 * millis / all,
                what));
  }
}
