package io.penstock.train;

import io.penstock.checkpoint.TrainingState;
import io.penstock.link.Channel;
import java.util.NavigableMap;

/**
 * Skipping of steps that have bad numbers, where the plan wants it. Before the update of a step
 * every rank tells all others where it met the step's first bad number, if it met any. All come to
 * the same decision, and the rank whose bad number is the first of all, the same one on any cut and
 * schedule, tells of it. Ranks wait for each other here at the end of every step. For the rank's
 * thread.
 */
final class StepSkipping {
  /** Most steps in a row that are skipped, where an epoch has no fewer. */
  static final int MOST_IN_A_ROW = 100;

  private static final double NONE = Double.POSITIVE_INFINITY;

  private final RankContext context;
  private final boolean clipped;
  private int inARow;
  private long count;

  /** Bad number that this rank has to tell of: the first of all in a step that is skipped. */
  private BadNumber toTell;

  /**
   * @param clipped whether gradients are clipped by their norm, so that they may be of any size
   * @param begun state that the run goes on from
   */
  StepSkipping(RankContext context, boolean clipped, TrainingState begun) {
    this.context = context;
    this.clipped = clipped;
    this.inARow = begun.skippedInARow();
    this.count = begun.skipped();
  }

  /** Lists the frames of this exchange. */
  static void list(FrameList frames) {
    frames.allGather(Channel.BadNumbers::new, frames.topology().all(), 2);
  }

  /** Returns how many steps were skipped in all; the same on all ranks. */
  long count() {
    return count;
  }

  /** Returns how many steps were skipped last, one after the other; the same on all ranks. */
  int inARow() {
    return inARow;
  }

  /**
   * Decides, when all gradients of a step are there, whether it is skipped.
   *
   * @param step among all of the run
   * @param stages of this rank
   * @return the same on all ranks; false where bad numbers end the run
   */
  boolean agreed(int step, NavigableMap<Integer, Stage> stages) throws InterruptedException {
    if (!context.watch().skips()) {
      return false;
    }
    for (Stage stage : stages.descendingMap().values()) {
      stage.weights().checkOwn(context.watch(), clipped);
    }
    BadNumber own = context.watch().first().orElse(null);
    double microBatch = own == null ? NONE : own.microBatch();
    double order = own == null ? NONE : own.order();
    boolean skipped = false;
    boolean first = own != null;
    double[] told = {microBatch, order};
    double[][] all =
        context.exchange().allGather(Channel.BadNumbers::new, step, told, context.topology().all());
    for (int rank = 0; rank < all.length; rank++) {
      double[] of = all[rank];
      skipped |= of[0] < NONE;
      // Replicas have the same sums, and so may have met the same number in them: one tells.
      boolean same = microBatch == of[0] && order == of[1];
      first &=
          microBatch < of[0]
              || (microBatch == of[0] && order < of[1])
              || (same && context.rank() <= rank);
    }
    inARow = skipped ? inARow + 1 : 0;
    count += skipped ? 1 : 0;
    toTell = first ? own : null;
    return skipped;
  }

  /**
   * Tells of the step, if it was skipped and this rank met the first bad number.
   *
   * @throws DivergedException after as many steps in a row as an epoch has, or after {@value
   *     #MOST_IN_A_ROW}, on that rank; its peers hear of it as of any failure
   */
  void tell(Progress progress) {
    if (toTell == null) {
      return;
    }
    BadNumber told = toTell;
    toTell = null;
    progress.stepSkipped(SkippedStep.of(context.rank(), told));
    if (inARow >= Math.min(told.steps(), MOST_IN_A_ROW)) {
      throw told.endsSkipping(inARow);
    }
  }
}
