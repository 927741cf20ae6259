package io.penstock.train;

import io.penstock.checkpoint.TrainingState;

/** Monitors one loss from epoch to epoch, by the rule of {@link EarlyStopping}. For one thread. */
final class EarlyStoppingMonitor {
  private final EarlyStopping rule;
  private double best;
  private int inARow;

  /**
   * @param begun what is known of earlier epochs
   */
  EarlyStoppingMonitor(EarlyStopping rule, TrainingState.Stopping begun) {
    this.rule = rule;
    this.best = begun.best();
    this.inARow = begun.epochsInARow();
  }

  /**
   * Returns what is to be known of the epochs so far.
   *
   * @param bestEpoch the epoch whose weights are kept; -1 for none
   * @param over whether the run has ended by the rule
   */
  TrainingState.Stopping state(int bestEpoch, boolean over) {
    return new TrainingState.Stopping(best, bestEpoch, inARow, over);
  }

  /** Returns the decision on the next epoch, by its loss. */
  StopDecision next(double loss) {
    boolean better = loss < best - rule.tol();
    if (better) {
      best = loss;
    }
    inARow = better ? 0 : inARow + 1;
    return new StopDecision(better, inARow >= rule.mostInARow());
  }
}
