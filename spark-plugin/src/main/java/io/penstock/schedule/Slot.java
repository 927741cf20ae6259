package io.penstock.schedule;

import io.penstock.Internal;

/**
 * A place in a schedule.
 *
 * @param rank the rank
 * @param index the position in the rank's list; {@link #WHOLE_RANK} for no action in particular
 */
@Internal
public record Slot(int rank, int index) {
  static final int WHOLE_RANK = -1;
}
