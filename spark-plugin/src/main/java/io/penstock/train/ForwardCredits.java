package io.penstock.train;

import io.penstock.link.Channel;
import io.penstock.link.Link;
import io.penstock.link.Tag;
import java.util.function.BooleanSupplier;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Flow control of a forward-only run or validation, by credits from the last rank to the first. For
 * the rank's thread. Without it a slow rank's frames would pile up without bound. In training the
 * gradients that come back do it.
 *
 * @param plan of the run
 * @param rank this rank's number, from 0
 * @param forwardOnly whether no gradient comes back
 * @param validation whether the steps are those of validation
 * @param from the first step
 * @param to the step after the last
 * @param link on which the credits go
 */
record ForwardCredits(
    TrainingPlan plan,
    int rank,
    boolean forwardOnly,
    boolean validation,
    long from,
    long to,
    Link link) {
  /** Steps that the first rank may be ahead, so that it need not wait for a credit on its way. */
  private static final int AHEAD = 2;

  /**
   * Steps that what a rank is sent may be ahead of it at most: of a credit, those of the last steps
   * of a validation pass, which nobody needs, are left out.
   */
  static final int MOST_AHEAD = 2 * AHEAD;

  /**
   * @param from the first step that is done
   * @param steps steps of the whole run
   */
  ForwardCredits(TrainingPlan plan, int rank, long from, long steps, Link link) {
    this(plan, rank, plan.schedule().isForwardOnly(), false, from, steps, link);
  }

  /**
   * Begins a step: waits for the credit that it needs.
   *
   * @throws InterruptedException if cancelled
   */
  void begin(long step, BooleanSupplier cancelled) throws InterruptedException {
    if (isNeeded() && rank == plan.featureRank() && step - from >= AHEAD) {
      link.receive(done(step - AHEAD), cancelled).close();
    }
  }

  /** Ends a step: gives the credit for a later one. */
  void end(long step) {
    if (isNeeded() && rank == plan.labelRank() && step + AHEAD < to) {
      link.send(plan.featureRank(), done(step), Nd4j.ones(DataType.FLOAT, 1));
    }
  }

  private boolean isNeeded() {
    return forwardOnly && plan.featureRank() != plan.labelRank();
  }

  /** Lists the frames of this exchange. */
  static void list(FrameList frames) {
    frames.of(
        new Tag(new Channel.Credit(), 0, 0),
        frames.labelRank(),
        frames.featureRank(),
        DataType.FLOAT,
        1);
  }

  private Tag done(long step) {
    return new Tag(new Channel.Credit(), validation ? Tag.validationStep(step) : step, 0);
  }
}
