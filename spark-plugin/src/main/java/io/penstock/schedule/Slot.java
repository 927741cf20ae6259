package io.penstock.schedule;

import io.penstock.Internal;

/**
 * Slot of a schedule: a rank and a position in its list of actions. Immutable.
 *
 * @param rank from 0
 * @param index the position in the rank's list, from 0; {@link #WHOLE_RANK} for no action in
 *     particular
 */
@Internal
public record Slot(int rank, int index) {
  static final int WHOLE_RANK = -1;
}
