package io.penstock.schedule.draw;

import io.penstock.schedule.Action;
import io.penstock.schedule.Span;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.stream.Collectors;

/**
 * Timeline as text, to scale: a row a rank, bars as long as the actions took, dots where the rank
 * waits. A column shows what is done in its middle; an action too short for any still shows as a
 * letter where the rank waits before and after. Stateless; any thread may call.
 *
 * <pre>
 * rank 0  0F0-0F1-........0B0=====....0B1=====
 * rank 1  ....1F0-1B0=====1F1-1B1=====........
 *         |0        |2        |4        |6
 * </pre>
 */
public final class TextTimeline {
  private static final int COLUMNS_PER_TICK = 10;
  private static final int FEWEST_COLUMNS = 10;
  private static final char WAITING = '.';
  private static final String MARGIN = "  ";

  private static final List<Function<Action, String>> LABELS =
      List.of(Action::toString, action -> action.kind().name() + action.microBatch());

  private TextTimeline() {}

  /**
   * Draws a timeline as wide as asked, with its title above. Bars bear their actions, or where the
   * shortest has no room for that, kind and micro-batch.
   *
   * @param columns of a whole line; where it is too small for any drawing, lines are wider
   */
  public static String text(Timeline timeline, int columns) {
    int margin = rank(timeline.rows().size() - 1).length() + MARGIN.length();
    int wide = Math.max(FEWEST_COLUMNS, columns - margin);
    return text(timeline, timeline.duration() / wide, TextTimeline::rank, LABELS);
  }

  /**
   * Draws a timeline at a given scale, so that several can be compared.
   *
   * @param timePerColumn time that a column stands for, in the timeline's unit; above 0 unless all
   *     takes no time
   * @param rowLabel what to write before a rank's row
   * @param labels ways to label a bar, the longest first: all bars get the first one for which
   *     three of four have room, or else the last; a bar without room gets the letter of its kind.
   *     A label that begins with a digit needs a free column behind it, to stand apart from the
   *     next
   */
  public static String text(
      Timeline timeline,
      double timePerColumn,
      IntFunction<String> rowLabel,
      List<Function<Action, String>> labels) {
    double scale = timePerColumn > 0 ? timePerColumn : 1;
    int columns = Math.max(1, (int) Math.round(timeline.duration() / scale));
    int margin = 0;
    for (int rank = 0; rank < timeline.rows().size(); rank++) {
      margin = Math.max(margin, rowLabel.apply(rank).length() + MARGIN.length());
    }
    Function<Action, String> label = fitting(labels, timeline, scale);
    double origin = timeline.start();
    StringBuilder text = new StringBuilder();
    if (!timeline.title().isEmpty()) {
      text.append(timeline.title()).append('\n');
    }
    for (int rank = 0; rank < timeline.rows().size(); rank++) {
      char[] row = row(timeline.rows().get(rank), origin, scale, columns, label);
      text.append(padded(rowLabel.apply(rank), margin)).append(row).append('\n');
    }
    return text.append(padded("", margin))
        .append(axis(timeline, scale, columns))
        .append('\n')
        .toString();
  }

  /** Returns a line that explains the letters and signs which occur in a timeline's drawing. */
  public static String legend(Timeline timeline) {
    return timeline.looks().stream()
        .map(look -> String.format(Locale.ROOT, "%s%s %s", look.letter(), look.fill, look.words))
        .collect(Collectors.joining(", ", "", ", " + WAITING + " waiting"));
  }

  private static char[] row(
      List<Span> spans, double origin, double scale, int columns, Function<Action, String> label) {
    char[] row = new char[columns];
    Arrays.fill(row, WAITING);
    List<Span> tooShort = new ArrayList<>();
    for (Span span : spans) {
      int from = Math.min(columns, firstColumn(span.start() - origin, scale));
      int to = Math.min(columns, firstColumn(span.end() - origin, scale));
      if (from == to) {
        tooShort.add(span);
        continue;
      }
      ActionStyle look = ActionStyle.of(span.action().kind());
      Arrays.fill(row, from, to, look.fill);
      String words = label.apply(span.action());
      if (room(words) > to - from) {
        words = String.valueOf(look.letter());
      }
      words.getChars(0, words.length(), row, from);
    }
    for (Span span : tooShort) {
      int column = Math.min(columns - 1, (int) ((span.start() - origin) / scale));
      if (row[column] == WAITING) {
        row[column] = ActionStyle.of(span.action().kind()).letter();
      }
    }
    return row;
  }

  /** The first way to label that three of four bars have room for; if there is none, the last. */
  private static Function<Action, String> fitting(
      List<Function<Action, String>> labels, Timeline timeline, double scale) {
    List<Span> spans = timeline.rows().stream().flatMap(List::stream).toList();
    return labels.stream()
        .filter(
            label ->
                4 * spans.stream().filter(span -> fits(label, span, scale)).count()
                    >= 3 * spans.size())
        .findFirst()
        .orElse(labels.get(labels.size() - 1));
  }

  private static boolean fits(Function<Action, String> label, Span span, double scale) {
    return room(label.apply(span.action())) <= (int) (span.duration() / scale);
  }

  private static int room(String label) {
    return label.length() + (Character.isDigit(label.charAt(0)) ? 1 : 0);
  }

  /** The first column whose middle is not before a time. */
  private static int firstColumn(double time, double scale) {
    return (int) Math.ceil(time / scale - 0.5);
  }

  private static String axis(Timeline timeline, double scale, int columns) {
    StringBuilder axis = new StringBuilder();
    TimeAxis.atLeast(COLUMNS_PER_TICK * scale)
        .ticks(timeline.duration())
        .forEach(
            time -> {
              String tick = "|" + (time == 0 ? timeline.text(time) : TimeAxis.number(time));
              int column = (int) Math.round(time / scale);
              if (column >= axis.length() && column + tick.length() <= columns || time == 0) {
                axis.append(" ".repeat(column - axis.length())).append(tick);
              }
            });
    return axis.toString();
  }

  private static String padded(String text, int columns) {
    return text + " ".repeat(columns - text.length());
  }

  private static String rank(int rank) {
    return "rank " + rank;
  }
}
