package io.penstock.schedule;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Text form of a schedule: comma-separated, in the form of PyTorch's pipelining: one row a rank,
 * one action a cell, or one pair of a forward and a backward that overlap. Empty cells, which
 * PyTorch writes where a rank waits, mean nothing; nor do blanks around a cell, or the mark of the
 * byte order that some editors begin a file with. Stateless; any thread may call.
 *
 * <pre>
 * 0F0,0F1,,0B0,(0F2;0B1)OVERLAP_F_B,,0B2
 * ,1F0,1B0,1F1,1B1,1F2,1B2
 * </pre>
 */
public final class ScheduleText {
  private static final String OVERLAP = "OVERLAP_F_B";
  private static final String BYTE_ORDER_MARK = "\uFEFF";
  private static final Pattern PAIR = Pattern.compile("\\(([^;]*);([^;]*)\\)" + OVERLAP);
  private static final Pattern SHARDING = Pattern.compile("\\d+(UNSHARD|RESHARD|REDUCE_GRAD)\\d*");

  private ScheduleText() {}

  /** Returns the text, without empty cells; each row ends with a line feed. */
  public static String format(Schedule schedule) {
    return IntStream.range(0, schedule.ranks().size())
        .mapToObj(rank -> row(schedule, rank))
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
    Set<Action> overlapped = new HashSet<>();
    String own = text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text;
    for (String row : own.lines().toList()) {
      List<Action> actions = new ArrayList<>();
      String[] cells = row.split(",");
      for (int column = 0; column < cells.length; column++) {
        List<Action> cell = cell(cells[column].strip(), ranks.size(), column);
        actions.addAll(cell);
        if (cell.size() > 1) {
          overlapped.add(cell.get(0));
        }
      }
      ranks.add(actions);
    }
    List<Action> all = ranks.stream().flatMap(List::stream).toList();
    if (all.isEmpty()) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "schedule %s has no action; write one row a rank, such as 0F0,0F1,0B0,0B1",
              name));
    }
    return new Schedule(
        name,
        1 + all.stream().mapToInt(Action::stage).max().getAsInt(),
        1 + all.stream().mapToInt(Action::microBatch).max().getAsInt(),
        ranks,
        overlapped);
  }

  private static String row(Schedule schedule, int rank) {
    List<Action> actions = schedule.ranks().get(rank);
    List<String> cells = new ArrayList<>();
    for (int index = 0; index < actions.size(); index++) {
      if (schedule.isOverlapped(new Slot(rank, index))) {
        cells.add(
            String.format(
                Locale.ROOT, "(%s;%s)%s", actions.get(index), actions.get(++index), OVERLAP));
      } else {
        cells.add(actions.get(index).toString());
      }
    }
    return String.join(",", cells);
  }

  private static List<Action> cell(String cell, int row, int column) {
    try {
      Matcher pair = PAIR.matcher(cell);
      if (pair.matches()) {
        return pair(pair.group(1).strip(), pair.group(2).strip());
      }
      if (SHARDING.matcher(cell).matches()) {
        throw new IllegalArgumentException(
            String.format(
                    Locale.ROOT,
                    "'%s' gathers or spreads weights that are sharded over replicas, and ours are"
                        + " whole;",
                    cell)
                + " leave UNSHARD, RESHARD and REDUCE_GRAD out, their cells may stay empty");
      }
      return cell.isEmpty() ? List.of() : List.of(Action.parse(cell));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          String.format(Locale.ROOT, "row %d, column %d: %s", row + 1, column + 1, e.getMessage()),
          e);
    }
  }

  private static List<Action> pair(String first, String second) {
    Action forward = Action.parse(first);
    Action backward = Action.parse(second);
    if (forward.kind() != ActionKind.F || !backward.kind().givesInputGradient()) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "%s and %s do not overlap; a pair is a forward (F) and a backward (B or I), such as"
                  + " (0F7;7B3)%s",
              forward,
              backward,
              OVERLAP));
    }
    return List.of(forward, backward);
  }
}
