package io.penstock.schedule;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/**
 * A schedule as a text grid: a row a rank, a column a time step in which every rank does at most
 * one action. Actions that can never start stand, in their order, behind the last step. Stateless;
 * any thread may call.
 *
 * <pre>
 *             0    1    2    3    4    5
 *   rank 0  0F0  0F1       0B0       0B1
 *   rank 1       1F0  1B0  1F1  1B1
 * </pre>
 */
public final class Grid {
  /** Columns shown on each side of a marked action; the others would hide it. */
  private static final int AROUND = 6;

  /** Rows shown on each side of a marked rank. */
  private static final int ROWS_AROUND = 8;

  private Grid() {}

  /** Returns the whole grid; each line ends with a line feed. Takes wrong schedules too. */
  public static String text(Schedule schedule) {
    List<List<String>> rows = cells(schedule, new Dependencies(schedule), null);
    return draw(rows, 0, rows.size(), 0, width(rows), null);
  }

  /** Returns the grid around a place, which it marks as {@code >1B0<}; null marks nothing. */
  static String around(Schedule schedule, Dependencies dependencies, Slot mark) {
    List<List<String>> rows = cells(schedule, dependencies, mark);
    int rank = mark == null ? 0 : mark.rank();
    int column = 0;
    if (mark != null && mark.index() != Slot.WHOLE_RANK) {
      List<String> row = rows.get(rank);
      while (!row.get(column).startsWith(">")) {
        column++;
      }
    }
    return draw(
        rows,
        Math.max(0, rank - ROWS_AROUND),
        Math.min(rows.size(), rank + ROWS_AROUND + 1),
        Math.max(0, column - AROUND),
        Math.min(width(rows), Math.max(2 * AROUND, column + AROUND) + 1),
        mark);
  }

  private static List<List<String>> cells(Schedule schedule, Dependencies dependencies, Slot mark) {
    Timetable timetable = Timetable.of(schedule, dependencies);
    int steps = timetable.steps().size();
    List<List<String>> rows = new ArrayList<>();
    for (int rank = 0; rank < schedule.ranks().size(); rank++) {
      rows.add(new ArrayList<>(Collections.nCopies(steps, "")));
      List<Action> actions = schedule.ranks().get(rank);
      for (int index = timetable.done().get(rank); index < actions.size(); index++) {
        rows.get(rank).add(cell(schedule, new Slot(rank, index), mark));
      }
    }
    for (int step = 0; step < steps; step++) {
      for (Slot place : timetable.steps().get(step)) {
        rows.get(place.rank()).set(step, cell(schedule, place, mark));
      }
    }
    return rows;
  }

  private static String cell(Schedule schedule, Slot place, Slot mark) {
    String action = schedule.ranks().get(place.rank()).get(place.index()).toString();
    return place.equals(mark) ? ">" + action + "<" : action;
  }

  private static int width(List<List<String>> rows) {
    return rows.stream().mapToInt(List::size).max().orElse(0);
  }

  private static String draw(
      List<List<String>> rows, int top, int bottom, int left, int right, Slot mark) {
    StringBuilder text = new StringBuilder(" ".repeat(10));
    int[] widths = new int[right - left];
    for (int column = left; column < right; column++) {
      widths[column - left] = String.valueOf(column).length();
      for (List<String> row : rows.subList(top, bottom)) {
        widths[column - left] = Math.max(widths[column - left], at(row, column).length());
      }
      text.append("  ").append(padded(String.valueOf(column), widths[column - left]));
    }
    text.append(right < width(rows) ? "  ..." : "").append('\n');
    for (int rank = top; rank < bottom; rank++) {
      boolean marked = mark != null && mark.rank() == rank && mark.index() == Slot.WHOLE_RANK;
      String label = "rank " + rank;
      StringBuilder line =
          new StringBuilder(
              String.format(Locale.ROOT, "%-10s", marked ? ">" + label + "<" : " " + label));
      for (int column = left; column < right; column++) {
        line.append("  ").append(padded(at(rows.get(rank), column), widths[column - left]));
      }
      text.append(line.toString().stripTrailing()).append('\n');
    }
    return text.toString();
  }

  private static String at(List<String> row, int column) {
    return column < row.size() ? row.get(column) : "";
  }

  private static String padded(String text, int width) {
    return " ".repeat(width - text.length()) + text;
  }
}
