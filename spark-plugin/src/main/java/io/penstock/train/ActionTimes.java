package io.penstock.train;

import io.penstock.schedule.Action;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Times of the actions of one step, but for sends and receives. Its memory is used again for every
 * step; only the last one is told of. For the rank's thread.
 */
final class ActionTimes {
  private static final int MOMENTS = 3;

  private final List<Action> actions = new ArrayList<>();
  private long[] nanos = new long[64 * MOMENTS];
  private long firstStart;
  private long lastEnd;
  private boolean computed;

  /** Begins a step; its first and last compute action are then, until there are some. */
  void begin(long now) {
    actions.clear();
    firstStart = now;
    lastEnd = now;
    computed = false;
  }

  void add(Action action, long ready, long start, long end) {
    int at = actions.size() * MOMENTS;
    if (at == nanos.length) {
      nanos = Arrays.copyOf(nanos, 2 * at);
    }
    nanos[at] = ready;
    nanos[at + 1] = start;
    nanos[at + 2] = end;
    actions.add(action);
    if (action.kind().isCompute()) {
      firstStart = computed ? firstStart : start;
      lastEnd = end;
      computed = true;
    }
  }

  /** Returns when the first compute action started. */
  long firstStart() {
    return firstStart;
  }

  /** Returns when the last compute action was done. */
  long lastEnd() {
    return lastEnd;
  }

  List<ActionTime> list() {
    List<ActionTime> times = new ArrayList<>();
    for (int i = 0; i < actions.size(); i++) {
      int at = i * MOMENTS;
      times.add(new ActionTime(actions.get(i).toString(), nanos[at], nanos[at + 1], nanos[at + 2]));
    }
    return times;
  }
}
