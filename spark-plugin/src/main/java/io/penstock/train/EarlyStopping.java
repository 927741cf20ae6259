package io.penstock.train;

import java.io.Serializable;

/**
 * Early stopping: the rule by which a run ends before its last epoch. Immutable. It watches the
 * validation loss or, without validation rows, the training loss of the epoch. An epoch is better
 * if its loss is lower by more than {@code tol} than that of the best one before it; a loss that is
 * NaN is never better.
 *
 * @param patience epochs in a row without a better one after which the run ends; 0 for 1 where
 *     {@code tol} is above 0, and otherwise for never
 * @param tol in the unit of the loss
 */
public record EarlyStopping(int patience, double tol) implements Serializable {
  /** No early stopping: every epoch is done. */
  public static final EarlyStopping NEVER = new EarlyStopping(0, 0);

  /**
   * Checks the two.
   *
   * @throws IllegalArgumentException if one is negative, or the latter not finite
   */
  public EarlyStopping {
    if (patience < 0) {
      throw new IllegalArgumentException(
          "patience is " + patience + "; it must be a number of epochs, or 0 to do them all.");
    }
    if (!(tol >= 0) || Double.isInfinite(tol)) {
      throw new IllegalArgumentException(
          "tol is " + tol + "; it must be a finite loss of at least 0, such as 0.001.");
    }
  }

  /** Returns whether a run can end early at all. */
  public boolean isOn() {
    return patience > 0 || tol > 0;
  }

  /** Returns the epochs in a row that may be no better. */
  int mostInARow() {
    return isOn() ? Math.max(1, patience) : Integer.MAX_VALUE;
  }
}
