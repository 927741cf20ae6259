package io.penstock.ui.console;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Terminal of the driver's standard error, as far as a process knows it by itself. Stateless. */
final class Terminal {
  /** Spark's, for a terminal that does not tell. */
  private static final int USUAL_COLUMNS = 80;

  private static final Path ERROR = Path.of("/proc/self/fd/2");

  private Terminal() {}

  /**
   * Returns whether standard error goes to a terminal. Linux tells; elsewhere Java does, of input
   * and output together.
   */
  static boolean isThere() {
    try {
      return isTerminal(Files.readSymbolicLink(ERROR).toString());
    } catch (IOException | UnsupportedOperationException none) {
      return System.console() != null;
    }
  }

  /**
   * @param target what a file descriptor stands for
   */
  static boolean isTerminal(String target) {
    return target.matches("/dev/(pts/\\d+|tty.*|console)");
  }

  /**
   * Returns the width of a line.
   *
   * @param variable the variable {@code COLUMNS}, from which Spark's own bar has it too; may be
   *     null
   */
  static int columns(String variable) {
    return variable != null && variable.matches("[1-9]\\d{0,4}")
        ? Integer.parseInt(variable)
        : USUAL_COLUMNS;
  }
}
