package io.penstock.train;

import io.penstock.Internal;
import io.penstock.schedule.Action;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Position of a rank in its run: the step and the action that it does. The rank's thread writes it;
 * any thread may read it meanwhile, and may then see an action together with the step before it.
 */
@Internal
public final class RankPosition {
  private static final String BEGINNING = "before its actions";
  private static final String UPDATE = "after its actions";

  private record Step(String pass, int epoch, int step) {}

  private final AtomicReference<Step> step = new AtomicReference<>();

  /** An action, or words. */
  private final AtomicReference<Object> part = new AtomicReference<>(BEGINNING);

  private final AtomicLong moves = new AtomicLong();

  /**
   * Begins a step.
   *
   * @param pass empty for training, else words that follow "step 3", such as " of validation"
   * @param epochFrom0 epoch, counted from 0
   * @param stepFrom0 step of the epoch, counted from 0
   */
  void begin(String pass, int epochFrom0, int stepFrom0) {
    step.setRelease(new Step(pass, epochFrom0, stepFrom0));
    moved(BEGINNING);
  }

  /** Begins an action. */
  void begin(Action next) {
    moved(next);
  }

  /** Ends the last action of a step; what follows is the update. */
  void endActions() {
    moved(UPDATE);
  }

  private void moved(Object next) {
    part.setRelease(next);
    moves.setRelease(moves.getPlain() + 1);
  }

  /** Returns how often the position has changed; it only rises. */
  public long moves() {
    return moves.getAcquire();
  }

  /** Returns the position in words, such as "step 3 of epoch 1, action 1F2". */
  @Override
  public String toString() {
    Step at = step.getAcquire();
    if (at == null) {
      return "before the first step";
    }
    Object now = part.getAcquire();
    return "step "
        + (at.step() + 1)
        + at.pass()
        + " of epoch "
        + (at.epoch() + 1)
        + (now instanceof Action ? ", action " : ", ")
        + now;
  }
}
