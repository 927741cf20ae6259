package io.penstock.ui.console;

import java.io.PrintStream;

/**
 * Makes everybody else in this JVM give notice before writing to the terminal, as long as a status
 * line is shown there: standard error, standard output if it goes there too, and the log.
 */
final class Foreground implements AutoCloseable {
  private final AutoCloseable log;
  private final GuardedStream err;
  private final GuardedStream out;

  /**
   * @param outToo whether standard output goes to the terminal too
   */
  Foreground(StatusLine line, boolean outToo) {
    log = logGuard(line);
    err = new GuardedStream(System.err, line);
    System.setErr(err);
    out = outToo ? new GuardedStream(System.out, line) : null;
    if (outToo) {
      System.setOut(out);
    }
  }

  /** An application may bring another logging library in Log4j's place. */
  private static AutoCloseable logGuard(StatusLine line) {
    try {
      return new LogGuard(line);
    } catch (LinkageError other) {
      return () -> {};
    }
  }

  /** Everything as it was, except for what others have replaced meanwhile. */
  @Override
  public void close() {
    try {
      log.close();
    } catch (Exception cause) {
      throw new IllegalStateException("Log4j does not let a filter go", cause);
    }
    if (System.err == err) {
      System.setErr(err.behind());
    }
    PrintStream now = System.out;
    if (now == out) {
      System.setOut(out.behind());
    }
  }
}
