package io.penstock.train;

import io.penstock.Internal;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Counters of a rank's time in a run so far, without validation: computing, waiting and moving.
 * They only rise. The rank's thread writes them, after every action and without taking memory for
 * it; any thread may read them meanwhile, each for itself.
 */
@Internal
public final class RankMeter {
  private final AtomicLongArray busy;
  private final AtomicLongArray wait;
  private final AtomicLong moved = new AtomicLong();
  private final AtomicLong updated = new AtomicLong();
  private final AtomicLong steps = new AtomicLong();
  private final AtomicLong exchanged = new AtomicLong();
  private final AtomicLong beside = new AtomicLong();

  /**
   * Counters of a rank that has done nothing yet.
   *
   * @param stages of the whole network, of which some are the rank's
   */
  public RankMeter(int stages) {
    busy = new AtomicLongArray(stages);
    wait = new AtomicLongArray(stages);
  }

  /** Counts a compute action of a stage. */
  void computed(int stage, long waitNanos, long busyNanos) {
    busy.setRelease(stage, busy.getPlain(stage) + busyNanos);
    wait.setRelease(stage, wait.getPlain(stage) + waitNanos);
  }

  /** Counts a send or a receive that was handed to the link. */
  void moved(long nanos) {
    add(moved, nanos);
  }

  /** Counts a step with all that follows its actions, the update above all. */
  void updated(long nanos) {
    add(updated, nanos);
    add(steps, 1);
  }

  /** Counts the parts of gradients that came from other replicas in a step. */
  void exchanged(PartTimes parts) {
    add(exchanged, parts.bytes());
    add(beside, parts.bytesBeside());
  }

  /** Adds without a locked instruction, for there is one writer. */
  private static void add(AtomicLong sum, long more) {
    sum.setRelease(sum.getPlain() + more);
  }

  /** Returns the steps done. */
  public long steps() {
    return steps.getAcquire();
  }

  /** Returns the nanoseconds spent on compute actions and updates of weights. */
  public long busyNanos() {
    return updated.getAcquire() + sum(busy);
  }

  /** Returns the nanoseconds spent waiting for the input of compute actions. */
  public long waitNanos() {
    return sum(wait);
  }

  /** Returns the nanoseconds spent on handing frames to the link and asking for them. */
  public long moveNanos() {
    return moved.getAcquire();
  }

  /** Returns what compute actions of one stage took, in nanoseconds; 0 if it is another rank's. */
  public long busyNanos(int stage) {
    return busy.getAcquire(stage);
  }

  /** Returns the nanoseconds spent waiting for the input of one stage's compute actions. */
  public long waitNanos(int stage) {
    return wait.getAcquire(stage);
  }

  /** Returns the bytes of gradients that came from other replicas, to be summed here. */
  public long exchangedBytes() {
    return exchanged.getAcquire();
  }

  /** Returns the bytes of these that were there when the rank's own backward was over. */
  public long besideBytes() {
    return beside.getAcquire();
  }

  private static long sum(AtomicLongArray stages) {
    long sum = 0;
    for (int stage = 0; stage < stages.length(); stage++) {
      sum += stages.getAcquire(stage);
    }
    return sum;
  }
}
