package io.penstock.train;

/**
 * Turns of a stage's weight gradients in a mini-batch: micro-batch by micro-batch in ascending
 * order, and by gradient groups where the rank sums several. For the rank's thread.
 */
final class WeightGradientTurns {
  private int next;

  /** Micro-batches after which a gradient group is complete, ascending; empty for one group. */
  private int[] groupEnds = {};

  private int groupsDone;

  /**
   * Begins a mini-batch.
   *
   * @param first micro-batch
   * @param ends micro-batches after which a gradient group is complete
   */
  void begin(int first, int[] ends) {
    next = first;
    groupEnds = ends;
    groupsDone = 0;
  }

  /**
   * Takes a micro-batch's turn.
   *
   * @throws IllegalStateException if it is another's
   */
  void take(int microBatch) {
    if (microBatch != next) {
      throw new IllegalStateException(
          "W of micro-batch " + microBatch + " comes before that of " + next);
    }
    next++;
  }

  /** Ends a micro-batch's turn, and adds its gradient group to the others if it is complete. */
  void end(int microBatch, GradientSums sums) {
    if (groupsDone < groupEnds.length && microBatch + 1 == groupEnds[groupsDone]) {
      groupsDone++;
      sums.endGroup(groupsDone, groupEnds.length);
    }
  }
}
