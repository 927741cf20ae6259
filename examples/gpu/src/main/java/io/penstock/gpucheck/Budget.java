package io.penstock.gpucheck;

import java.util.ArrayList;
import java.util.List;

/** Time that a part may take; what does not begin in it is left out by name. For one thread. */
final class Budget {
  private final long end;
  private final List<String> leftOut = new ArrayList<>();

  Budget(int seconds) {
    this.end = System.nanoTime() + seconds * 1_000_000_000L;
  }

  /** Returns whether something may begin; if not, it is noted down. */
  boolean allows(String what) {
    if (System.nanoTime() - end < 0) {
      return true;
    }
    leftOut.add(what);
    return false;
  }

  /** Returns what was not begun. */
  List<String> leftOut() {
    return List.copyOf(leftOut);
  }
}
