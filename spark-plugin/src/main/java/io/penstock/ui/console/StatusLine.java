package io.penstock.ui.console;

import java.io.PrintStream;

/**
 * The line of a terminal at which the cursor stands, drawn anew again and again, as Spark's own
 * progress bar does: the cursor returns to its first column. Whoever else writes to the terminal
 * has it cleared before, and finds it empty. Thread-safe.
 */
final class StatusLine {
  /** So long it stays away after a log line: who announces one needs a moment to write it. */
  private static final long PAUSE_NANOS = 150_000_000;

  private final PrintStream out;
  private String shown = "";
  private boolean taken;
  private long pauseStart = System.nanoTime() - PAUSE_NANOS;

  /**
   * @param out the terminal
   */
  StatusLine(PrintStream out) {
    this.out = out;
  }

  /** Shows a text of less than the terminal's width, unless somebody else is writing just now. */
  synchronized void show(String text) {
    if (taken || System.nanoTime() - pauseStart < PAUSE_NANOS || text.equals(shown)) {
      return;
    }
    String over = " ".repeat(Math.max(0, shown.length() - text.length()));
    write('\r' + text + over + '\r');
    shown = text;
  }

  /** Shows nothing. */
  synchronized void clear() {
    if (!shown.isEmpty()) {
      write('\r' + " ".repeat(shown.length()) + '\r');
      shown = "";
    }
  }

  /** Shows nothing for a moment. */
  synchronized void giveWay() {
    clear();
    pauseStart = System.nanoTime();
  }

  /** Lets somebody else write; shows nothing until what is written has come to an end of line. */
  synchronized void giveWay(PrintStream other, byte[] bytes, int offset, int length) {
    clear();
    other.write(bytes, offset, length);
    other.flush();
    if (length > 0) {
      byte last = bytes[offset + length - 1];
      taken = last != '\n' && last != '\r';
    }
  }

  /** Leaves a line that stays. */
  synchronized void leave(String text) {
    clear();
    write(text + System.lineSeparator());
  }

  private void write(String text) {
    out.print(text);
    out.flush();
  }
}
