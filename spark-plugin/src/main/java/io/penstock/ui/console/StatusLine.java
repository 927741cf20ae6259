package io.penstock.ui.console;

import java.io.PrintStream;

/**
 * Line of a terminal at which the cursor stands, drawn anew again and again, as Spark's own
 * progress bar is: the cursor returns to its first column, where others then write over it. For one
 * thread.
 */
final class StatusLine {
  private final PrintStream out;
  private String shown = "";

  /**
   * @param out the terminal
   */
  StatusLine(PrintStream out) {
    this.out = out;
  }

  /** Shows a text of less than the terminal's width. */
  void show(String text) {
    String over = " ".repeat(Math.max(0, shown.length() - text.length()));
    write('\r' + text + over + '\r');
    shown = text;
  }

  /** Shows nothing. */
  void clear() {
    if (!shown.isEmpty()) {
      write('\r' + " ".repeat(shown.length()) + '\r');
      shown = "";
    }
  }

  /** Leaves a line that stays. */
  void leave(String text) {
    clear();
    write(text + System.lineSeparator());
  }

  private void write(String text) {
    out.print(text);
    out.flush();
  }
}
