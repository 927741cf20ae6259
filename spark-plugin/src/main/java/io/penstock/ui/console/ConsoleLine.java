package io.penstock.ui.console;

import io.penstock.ui.Phase;
import io.penstock.ui.RunState;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * Progress of runs in one line of a terminal, drawn anew in the place of Spark's own progress bar.
 * For one thread.
 */
final class ConsoleLine implements Console {
  private final LiveRuns runs;
  private final StatusLine line;
  private final int columns;
  private final Runnable clearSparks;
  private final BooleanSupplier logTells;

  /**
   * @param line where it is drawn
   * @param columns of the terminal
   * @param clearSparks ends Spark's own progress bar for half a second
   * @param logTells whether the log tells how a run went
   */
  ConsoleLine(
      LiveRuns runs, StatusLine line, int columns, Runnable clearSparks, BooleanSupplier logTells) {
    this.runs = runs;
    this.line = line;
    this.columns = columns;
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
    clearSparks.run();
    // One column less: a terminal goes on to the next line after the last.
    line.show(new ProgressLine(running.get(0), running.size() - 1, now).fitted(columns - 1));
  }

  @Override
  public void close() {
    line.clear();
  }
}
