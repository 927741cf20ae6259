package io.penstock.schedule;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A schedule as comma-separated text, in the form of PyTorch's pipelining: one row a rank, one
 * action a cell. Empty cells, which PyTorch writes where a rank waits, mean nothing.
 *
 * <pre>
 * 0F0,0F1,,0B0,,0B1
 * ,1F0,1B0,1F1,1B1
 * </pre>
 */
public final class ScheduleText {
  private ScheduleText() {}

  /** Returns the text, without empty cells; each row ends with a line feed. */
  public static String format(Schedule schedule) {
    return schedule.ranks().stream()
        .map(ScheduleText::row)
        .collect(Collectors.joining("\n", "", "\n"));
  }

  /**
   * Reads a schedule. Its numbers of stages and of micro-batches are one more than the highest that
   * occurs; whether it can be run is for {@link Verifier} to say.
   *
   * @param name what to call it
   * @param text one row a rank; an empty row is a rank without a plan
   * @throws IllegalArgumentException if a cell is no action or there is none; the message names row
   *     and column, counted from 1
   */
  public static Schedule parse(String name, String text) {
    List<List<Action>> ranks = new ArrayList<>();
    for (String row : text.lines().toList()) {
      List<Action> actions = new ArrayList<>();
      String[] cells = row.split(",");
      for (int column = 0; column < cells.length; column++) {
        String cell = cells[column].strip();
        if (!cell.isEmpty()) {
          actions.add(action(cell, ranks.size(), column));
        }
      }
      ranks.add(actions);
    }
    List<Action> all = ranks.stream().flatMap(List::stream).toList();
    if (all.isEmpty()) {
      throw new IllegalArgumentException(
          "schedule %s has no action; write one row a rank, such as 0F0,0F1,0B0,0B1"
              .formatted(name));
    }
    return new Schedule(
        name,
        1 + all.stream().mapToInt(Action::stage).max().getAsInt(),
        1 + all.stream().mapToInt(Action::microBatch).max().getAsInt(),
        ranks);
  }

  private static String row(List<Action> actions) {
    return actions.stream().map(Action::toString).collect(Collectors.joining(","));
  }

  private static Action action(String cell, int row, int column) {
    try {
      return Action.parse(cell);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "row %d, column %d: %s".formatted(row + 1, column + 1, e.getMessage()), e);
    }
  }
}
