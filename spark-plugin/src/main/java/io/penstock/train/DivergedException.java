package io.penstock.train;

/**
 * Divergence of a run: numbers are NaN or infinite, so that nothing more could be learnt.
 * Immutable. The message says in which epoch and step, where they came up first, and what to try;
 * it survives the way from executor to driver. It has no stack: Spark writes that to the log of
 * every task that fails for it, and where in the code numbers were looked at tells nobody anything.
 */
public final class DivergedException extends RuntimeException {
  private static final long serialVersionUID = 2L;

  private final BadNumber found;

  DivergedException(BadNumber found, String message) {
    super(message, null, true, false);
    this.found = found;
  }

  /** Returns the epoch, counted from 0. */
  public int epoch() {
    return found.epoch();
  }

  /**
   * Returns the step of that epoch, counted from 0; in validation, the mini-batch of validation
   * rows.
   */
  public int step() {
    return found.step();
  }

  /**
   * Returns the micro-batch of that step, counted from 0; -1 where it is of no single one: in what
   * the gradients of all add up to, and in what the update makes of the weights.
   */
  public int microBatch() {
    return found.microBatch() == BadNumber.ALL ? -1 : found.microBatch();
  }

  /**
   * Returns the network's index of the layer that made the numbers; -1 where it was the loss or a
   * link.
   */
  public int layer() {
    return found.layer();
  }

  BadNumber found() {
    return found;
  }
}
