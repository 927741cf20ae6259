package io.penstock.schedule;

import java.util.Locale;

/**
 * A schedule that cannot be run. The message names the problem and shows where in the grid.
 * Immutable.
 */
public final class InvalidScheduleException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  InvalidScheduleException(
      Schedule schedule, Dependencies dependencies, String problem, Slot where) {
    super(
        String.format(
            Locale.ROOT,
            "schedule %s: %s%n%s",
            schedule.name(),
            problem,
            Grid.around(schedule, dependencies, where)));
  }
}
