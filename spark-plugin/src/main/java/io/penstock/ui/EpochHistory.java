package io.penstock.ui;

import io.penstock.Internal;
import io.penstock.event.EpochCompleted;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * History of a run's epochs, for curves: all while they are few, then every 2nd, 4th, 8th and so
 * on, and always the newest. Immutable.
 *
 * @param kept the epochs that are kept, ascending
 * @param stride epochs from one that is kept to the next
 */
@Internal
public record EpochHistory(List<EpochCompleted> kept, int stride) {
  /**
   * Most epochs: more than a curve of a page has pixels for, and little enough to draw while one
   * waits.
   */
  static final int MOST = 300;

  static final EpochHistory NONE = new EpochHistory(List.of(), 1);

  public EpochHistory {
    kept = List.copyOf(kept);
  }

  /** Returns this history with one more epoch. */
  EpochHistory with(EpochCompleted epoch) {
    List<EpochCompleted> more = new ArrayList<>(kept);
    if (!more.isEmpty() && more.get(more.size() - 1).epoch() % stride != 0) {
      more.remove(more.size() - 1); // it was there as the newest only
    }
    more.add(epoch);
    int wider = stride;
    while (more.size() > MOST) {
      wider *= 2;
      int every = wider;
      more.removeIf(one -> one.epoch() % every != 0 && one != epoch);
    }
    return new EpochHistory(more, wider);
  }

  /** Returns the newest epoch; empty before the first is done. */
  public Optional<EpochCompleted> newest() {
    return kept.isEmpty() ? Optional.empty() : Optional.of(kept.get(kept.size() - 1));
  }
}
