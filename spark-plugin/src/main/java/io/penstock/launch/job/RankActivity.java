package io.penstock.launch.job;

import io.penstock.event.RankPlace;
import io.penstock.launch.job.Pulse.Phase;
import io.penstock.link.Tag;
import io.penstock.train.RankPosition;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.ToIntFunction;

/**
 * Activity of a rank: phase, position, and wait for a peer. The task's thread writes it, without
 * locks and without taking memory in a step; any thread may read it meanwhile.
 */
final class RankActivity {
  /** No rank. */
  static final int UNKNOWN = -1;

  /** Position in a run, and who sends a frame to this rank. */
  private record Run(RankPosition position, ToIntFunction<Tag> sender) {}

  private final AtomicLong moves = new AtomicLong();
  private final AtomicLong longestStepNanos = new AtomicLong();
  private volatile Phase phase = Phase.PREPARING;
  private volatile Tag awaited;
  private volatile Run run;
  private volatile boolean checkpointWanted;

  /** Enters a phase. */
  void enter(Phase next) {
    phase = next;
    moved();
  }

  /**
   * Enters the run itself.
   *
   * @param position kept up to date by the run
   * @param sender of a frame: its rank, or {@link #UNKNOWN}
   */
  void run(RankPosition position, ToIntFunction<Tag> sender) {
    run = new Run(position, sender);
    enter(Phase.RUNNING);
  }

  /** Begins a wait for a frame. */
  void await(Tag tag) {
    awaited = tag;
    moved();
  }

  /** Ends the wait. */
  void received() {
    awaited = null;
    moved();
  }

  /** Notes the time of a step. */
  void stepTook(long nanos) {
    longestStepNanos.setRelease(Math.max(nanos, longestStepNanos.getPlain()));
  }

  /** There is one writer. */
  private void moved() {
    moves.setRelease(moves.getPlain() + 1);
  }

  Phase phase() {
    return phase;
  }

  /** Returns how often the rank has moved on; only rises. */
  long moves() {
    Run now = run;
    return moves.getAcquire() + (now == null ? 0 : now.position().moves());
  }

  /** Notes what the driver wants, which it says with every reply. */
  void wantCheckpoint(boolean wanted) {
    checkpointWanted = wanted;
  }

  /**
   * Returns whether the driver wants a checkpoint as soon as possible, by its last reply. The ranks
   * are told until the driver knows that there is one.
   */
  boolean checkpointWanted() {
    return checkpointWanted;
  }

  /** Returns the activity as it is now. */
  Pulse pulse(RankPlace place, int attempt, long number, List<String> stack) {
    Run now = run;
    Tag tag = awaited;
    Pulse.Wait wait =
        tag == null
            ? null
            : new Pulse.Wait(tag.toString(), now == null ? UNKNOWN : now.sender().applyAsInt(tag));
    return new Pulse(
        place,
        attempt,
        number,
        phase,
        now == null ? "" : now.position().toString(),
        wait,
        moves(),
        longestStepNanos.getAcquire(),
        stack);
  }
}
