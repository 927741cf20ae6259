package io.penstock.launch.cluster;

import io.penstock.Internal;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Native memory of this process that is kept for later, while nobody uses it: whoever keeps some
 * tells here how it is freed, and who needs an executor's memory for ranks, which were counted
 * without it, has all of it freed first. Thread-safe.
 */
@Internal
public final class IdleMemory {
  /** That of this process. */
  public static final IdleMemory HERE = new IdleMemory();

  private final List<Runnable> keepers = new CopyOnWriteArrayList<>();

  IdleMemory() {}

  /**
   * Adds one who keeps memory.
   *
   * @param free frees what nobody uses now; called from any thread
   */
  public void add(Runnable free) {
    keepers.add(free);
  }

  /** Frees all that nobody uses now. */
  void free() {
    keepers.forEach(Runnable::run);
  }
}
