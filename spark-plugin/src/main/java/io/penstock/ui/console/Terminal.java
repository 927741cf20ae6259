package io.penstock.ui.console;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The terminal that this process writes to. Java 17 only tells whether input and output both are
 * one, and no width, so the shell is asked, which takes some milliseconds. Where there is none, as
 * on Windows, there is no terminal.
 *
 * @param columns of a line
 */
record Terminal(int columns) {
  private static final String SIZE = "test -t 2 && { stty size <&2 2>/dev/null || echo; }";
  private static final Pattern ROWS_AND_COLUMNS = Pattern.compile("\\d+ ([1-9]\\d*)\\s*");

  /** Spark's, for a terminal that does not tell. */
  private static final int USUAL_COLUMNS = 80;

  /** The one that standard error goes to now; empty if it goes elsewhere. */
  static Optional<Terminal> ofError() {
    try {
      Process shell = new ProcessBuilder("sh", "-c", SIZE).redirectError(Redirect.INHERIT).start();
      shell.getOutputStream().close();
      String size = new String(shell.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
      return shell.waitFor() == 0
          ? Optional.of(new Terminal(columns(size, System.getenv("COLUMNS"))))
          : Optional.empty();
    } catch (IOException none) {
      return Optional.empty();
    } catch (InterruptedException ended) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }

  /** Whether standard output goes to a terminal. */
  static boolean hasOutput() {
    try {
      Process shell =
          new ProcessBuilder("sh", "-c", "test -t 1").redirectOutput(Redirect.INHERIT).start();
      shell.getOutputStream().close();
      return shell.waitFor() == 0;
    } catch (IOException none) {
      return false;
    } catch (InterruptedException ended) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** A terminal where none is found. */
  static Terminal assumed() {
    return new Terminal(columns("", System.getenv("COLUMNS")));
  }

  /**
   * @param size what stty says: lines and columns
   * @param variable what the shell says; may be null
   */
  static int columns(String size, String variable) {
    Matcher told = ROWS_AND_COLUMNS.matcher(size);
    if (told.matches()) {
      return Integer.parseInt(told.group(1));
    }
    return variable != null && variable.matches("[1-9]\\d{0,4}")
        ? Integer.parseInt(variable)
        : USUAL_COLUMNS;
  }
}
