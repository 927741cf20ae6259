package io.penstock.train;

/** Monitors one loss from epoch to epoch, by the rule of {@link EarlyStopping}. For one thread. */
final class EarlyStoppingMonitor {
  private final EarlyStopping rule;
  private double best = Double.POSITIVE_INFINITY;
  private int inARow;

  EarlyStoppingMonitor(EarlyStopping rule) {
    this.rule = rule;
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
