package io.penstock.train;

/**
 * Divergence of a run: numbers are NaN or infinite, so that nothing more could be learnt.
 * Immutable. The message says in which epoch and step, where they came up first, and what to try;
 * it survives the way from executor to driver. It has no stack: Spark writes that to the log of
 * every task that fails for it, and where in the code numbers were looked at tells nobody anything.
 */
public final class DivergedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int epoch;
  private final int step;
  private final int layer;

  /**
   * @param epoch counted from 0
   * @param step of the epoch, counted from 0
   * @param layer the network's index of the layer that made them; -1 where no layer did
   */
  DivergedException(int epoch, int step, int layer, String message) {
    super(message, null, true, false);
    this.epoch = epoch;
    this.step = step;
    this.layer = layer;
  }

  /** Returns the epoch, counted from 0. */
  public int epoch() {
    return epoch;
  }

  /**
   * Returns the step of that epoch, counted from 0; in validation, the mini-batch of validation
   * rows.
   */
  public int step() {
    return step;
  }

  /**
   * Returns the network's index of the layer that made the numbers; -1 where it was the loss or a
   * link.
   */
  public int layer() {
    return layer;
  }
}
