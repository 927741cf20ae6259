package io.penstock.train;

import io.penstock.Amount;
import java.io.Serializable;
import java.util.Locale;

/**
 * Place where a number that is NaN or infinite came up in a step. Immutable.
 *
 * <p>Two of a step have an order that neither the cut nor the schedule changes: by micro-batch; in
 * a micro-batch as the numbers are made, forward from the first layer to the loss and back; and
 * last what only the sums over all micro-batches show.
 *
 * @param epoch counted from 0
 * @param step of the epoch, counted from 0
 * @param steps how many the epoch has
 * @param microBatch of the step, counted from 0; {@link #ALL} where it is of no single one
 * @param order its place in the order of its micro-batch
 * @param layer the network's index of the layer that made the number; -1 where none did
 * @param what in words: the micro-batch, the layer, which of its numbers and how many
 * @param advice in words, with a space before it
 */
record BadNumber(
    int epoch,
    int step,
    int steps,
    int microBatch,
    int order,
    int layer,
    String what,
    String advice)
    implements Serializable {
  /** In place of a micro-batch: all of them together. */
  static final int ALL = Integer.MAX_VALUE;

  /** Returns whether it comes up before another of its step. */
  boolean isBefore(BadNumber other) {
    return microBatch != other.microBatch ? microBatch < other.microBatch : order < other.order;
  }

  /**
   * Returns the exception that ends a run for it.
   *
   * @param of the rows' name: empty for those that are trained on
   */
  DivergedException ends(String of) {
    return new DivergedException(
        this,
        String.format(
            Locale.ROOT,
            "Training ended in epoch %d, step %d of %d%s, where numbers are no longer finite:"
                + " %s.%s",
            epoch + 1,
            step + 1,
            steps,
            of,
            what,
            advice));
  }

  /**
   * Returns the exception that ends a run whose steps are skipped, with nothing learnt.
   *
   * @param inARow steps that were skipped, this the last of them
   */
  DivergedException endsSkipping(int inARow) {
    return new DivergedException(
        this,
        String.format(
            Locale.ROOT,
            "Training ended in epoch %d, step %d of %d: nothing is learnt any more, for numbers"
                + " that are not finite had %s skipped (onBadNumbers is skip), at last this one:"
                + " %s.%s",
            epoch + 1,
            step + 1,
            steps,
            inARow == 1 ? "the only step of an epoch" : new Amount(inARow, "step") + " in a row",
            what,
            advice));
  }
}
