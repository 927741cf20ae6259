package io.penstock.train;

import io.penstock.link.Link;
import io.penstock.link.Tag;
import java.util.function.BooleanSupplier;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Keeps the first rank from running away from the last one where nothing comes back to hold it: in
 * a forward-only run or validation. Without it a slow rank's frames would pile up without bound. In
 * training the gradients do it.
 *
 * @param forwardOnly whether nothing comes back
 * @param from the first step
 * @param to the step after the last
 */
record ForwardCredits(
    TrainingPlan plan, int rank, boolean forwardOnly, long from, long to, Link link) {
  /** So many steps the first rank may be ahead, so that it need not wait for a word on its way. */
  private static final int AHEAD = 2;

  /**
   * @param steps steps of the whole run
   */
  ForwardCredits(TrainingPlan plan, int rank, long steps, Link link) {
    this(plan, rank, plan.schedule().isForwardOnly(), 0, steps, link);
  }

  /**
   * Called before a step.
   *
   * @throws InterruptedException if cancelled
   */
  void begin(long step, BooleanSupplier cancelled) throws InterruptedException {
    if (isNeeded() && rank == plan.featureRank() && step - from >= AHEAD) {
      link.receive(done(step - AHEAD), cancelled).close();
    }
  }

  /** Called after a step. */
  void end(long step) {
    if (isNeeded() && rank == plan.labelRank() && step + AHEAD < to) {
      link.send(plan.featureRank(), done(step), Nd4j.ones(1));
    }
  }

  private boolean isNeeded() {
    return forwardOnly && plan.featureRank() != plan.labelRank();
  }

  private Tag done(long step) {
    return new Tag('D', 0, step, 0);
  }
}
