package io.penstock.ui.console;

import io.penstock.ui.Phase;
import io.penstock.ui.RunState;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;
import java.util.function.Supplier;

/** A line of a terminal that is drawn anew, in the place of Spark's own progress bar. */
final class ConsoleLine implements Console {
  /** Ticks between two looks at the width of the terminal, which a person may change. */
  private static final int TICKS_OF_WIDTH = 20;

  private final LiveRuns runs;
  private final StatusLine line;
  private final IntSupplier columns;
  private final Supplier<AutoCloseable> foreground;
  private final Runnable clearSparks;
  private final BooleanSupplier logTells;
  private AutoCloseable guard;
  private int width;
  private int ticks;

  /**
   * @param line where it is drawn
   * @param columns of the terminal now
   * @param foreground makes everybody else give notice before writing there, until closed
   * @param clearSparks ends Spark's own progress bar for half a second
   * @param logTells whether the log tells how a run went
   */
  ConsoleLine(
      LiveRuns runs,
      StatusLine line,
      IntSupplier columns,
      Supplier<AutoCloseable> foreground,
      Runnable clearSparks,
      BooleanSupplier logTells) {
    this.runs = runs;
    this.line = line;
    this.columns = columns;
    this.foreground = foreground;
    this.clearSparks = clearSparks;
    this.logTells = logTells;
  }

  @Override
  public void tick(long now) {
    for (RunState over : runs.takeEnded()) {
      if (over.phase() == Phase.SUCCEEDED && !logTells.getAsBoolean()) {
        line.leave(new ProgressLine(over, 0, now).summary());
      }
    }
    List<RunState> running = runs.running();
    if (running.isEmpty()) {
      close();
      return;
    }
    if (guard == null) {
      guard = foreground.get();
      ticks = 0;
    }
    if (ticks++ % TICKS_OF_WIDTH == 0) {
      width = columns.getAsInt();
    }
    clearSparks.run();
    // One column less: a terminal goes on to the next line after the last.
    line.show(new ProgressLine(running.get(0), running.size() - 1, now).fitted(width - 1));
  }

  /** Leaves the terminal as it was. */
  @Override
  public void close() {
    line.clear();
    if (guard != null) {
      try {
        guard.close();
      } catch (Exception cause) {
        throw new IllegalStateException("The console does not go back to what it was", cause);
      } finally {
        guard = null;
      }
    }
  }
}
