package io.penstock.examples;

import io.penstock.schedule.Action;
import io.penstock.train.ActionTime;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * When each stage worked on what, drawn to scale: a row a stage, {@code F23} for the forward of
 * stage 2 on input 3, {@code B23} for its backward, blanks where the stage waits.
 *
 * @param ranks the measured actions of each rank, in the order it did them
 * @param startNanos the time at the left edge
 * @param nanosPerColumn the scale
 */
record Timeline(List<List<ActionTime>> ranks, long startNanos, double nanosPerColumn) {
  private static final int COLUMNS_PER_TICK = 16;
  private static final String ROW_LABEL = "stage %d  ";

  /** A timeline that begins with its first action. */
  static Timeline of(List<List<ActionTime>> ranks, double nanosPerColumn) {
    long start = all(ranks).stream().mapToLong(ActionTime::startNanos).min().orElseThrow();
    return new Timeline(ranks, start, nanosPerColumn);
  }

  /** Returns how long the step took: from the first action's start to the last one's end. */
  static long nanos(List<List<ActionTime>> ranks) {
    long start = all(ranks).stream().mapToLong(ActionTime::startNanos).min().orElseThrow();
    return all(ranks).stream().mapToLong(ActionTime::endNanos).max().orElseThrow() - start;
  }

  private static List<ActionTime> all(List<List<ActionTime>> ranks) {
    return ranks.stream().flatMap(List::stream).toList();
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    for (int rank = 0; rank < ranks.size(); rank++) {
      text.append(String.format(Locale.ROOT, ROW_LABEL, rank + 1))
          .append(row(ranks.get(rank)))
          .append('\n');
    }
    return text.append(axis()).append('\n').toString();
  }

  private String row(List<ActionTime> actions) {
    char[] row = new char[column(startNanos + nanos(ranks)) + 1];
    Arrays.fill(row, ' ');
    for (ActionTime time : actions) {
      int from = column(time.startNanos());
      int to = Math.max(from + 1, column(time.endNanos()));
      String label = label(time.parsed());
      for (int i = from; i < to; i++) {
        row[i] = i - from < label.length() ? label.charAt(i - from) : '=';
      }
    }
    return new String(row).stripTrailing();
  }

  /** Counted from 1, as people count GPUs and inputs. */
  private static String label(Action action) {
    return action.kind().name() + (action.stage() + 1) + (action.microBatch() + 1);
  }

  private String axis() {
    StringBuilder axis =
        new StringBuilder(" ".repeat(String.format(Locale.ROOT, ROW_LABEL, 1).length()));
    int margin = axis.length();
    int end = column(startNanos + nanos(ranks));
    for (int column = 0; column <= end; column += COLUMNS_PER_TICK) {
      axis.append(" ".repeat(margin + column - axis.length()));
      axis.append(String.format(Locale.ROOT, "|%.1f", column * nanosPerColumn / 1e6));
    }
    return axis.append(" ms").toString();
  }

  private int column(long nanos) {
    return (int) ((nanos - startNanos) / nanosPerColumn);
  }
}
