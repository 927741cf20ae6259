package io.penstock.schedule.draw;

import io.penstock.Amount;
import io.penstock.schedule.Schedule;
import io.penstock.schedule.Simulation;
import io.penstock.schedule.Span;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Timeline of the ranks' actions, from which every drawing is made, whether a plan was simulated or
 * a run measured. Immutable. Drawn by {@link TextTimeline}, {@link SvgTimeline}, {@link
 * HtmlTimeline} and {@link ChromeTrace}.
 *
 * @param title what it shows, in one line; may be empty
 * @param unit the unit of its times, such as {@code ms}; empty where they have none
 * @param rows for each rank, what it does and when; times between rows are comparable, and may
 *     begin anywhere
 */
public record Timeline(String title, String unit, List<List<Span>> rows) {

  /**
   * Copies the lists.
   *
   * @throws IllegalArgumentException if there is no rank
   */
  public Timeline {
    Objects.requireNonNull(title, "title");
    Objects.requireNonNull(unit, "unit");
    rows = rows.stream().map(List::copyOf).toList();
    if (rows.isEmpty()) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT, "timeline '%s' has no row: give at least one rank's actions", title));
    }
  }

  /** The timeline of a plan, in the units of its costs. */
  public static Timeline of(Simulation simulation) {
    Schedule schedule = simulation.schedule();
    return new Timeline(
        String.format(
            Locale.ROOT,
            "%s on %s, %s",
            schedule.name(),
            new Amount(schedule.ranks().size(), "rank"),
            new Amount(schedule.microBatches(), "micro-batch")),
        "",
        simulation.spans());
  }

  /** Returns when the first action starts; 0 if there is none. */
  public double start() {
    return spans().mapToDouble(Span::start).min().orElse(0);
  }

  /** Returns when the last action ends; 0 if there is none. */
  public double end() {
    return spans().mapToDouble(Span::end).max().orElse(0);
  }

  /** Returns the time from the first action's start to the last one's end. */
  public double duration() {
    return end() - start();
  }

  /** The looks that occur, for a legend. */
  Set<ActionStyle> looks() {
    return spans()
        .map(span -> ActionStyle.of(span.action().kind()))
        .collect(Collectors.toCollection(() -> EnumSet.noneOf(ActionStyle.class)));
  }

  /** The duration that a quarter of the actions stay below; 0 if there are none. */
  double lowerQuartile() {
    double[] sorted = spans().mapToDouble(Span::duration).sorted().toArray();
    return sorted.length == 0 ? 0 : sorted[sorted.length / 4];
  }

  /** The length of the longest action's text; 0 if there are none. */
  int longestLabel() {
    return spans().mapToInt(span -> span.action().toString().length()).max().orElse(0);
  }

  /** Returns a time of it as people read it: six digits at most, and the unit. */
  public String text(double time) {
    return unit.isEmpty() ? TimeAxis.number(time) : TimeAxis.number(time) + " " + unit;
  }

  private Stream<Span> spans() {
    return rows.stream().flatMap(Collection::stream);
  }
}
