package io.penstock.train;

import io.penstock.Internal;
import io.penstock.nn.Parameters;
import java.util.Map;

/** Where a rank tells how far it is. Called from the rank's own thread, which waits meanwhile. */
@Internal
@FunctionalInterface
public interface Progress {
  /**
   * A step is done; told by every rank, so it must take no time.
   *
   * @param nanos what this rank took for it, waiting included
   */
  default void stepTook(long nanos) {}

  /** A step is done; told by the rank that has the last layer only, so it must take no time. */
  default void stepDone(StepReport report) {}

  /**
   * What this rank's layers have learnt when an epoch is done; told before {@link #epochDone}.
   *
   * @param epoch counted from 0
   * @param layers by layer, those that own their weights; not to be changed nor kept, for the next
   *     step changes them
   */
  default void learnt(int epoch, Map<Integer, Parameters> layers) {}

  /** An epoch is done on this rank. */
  void epochDone(EpochReport report);
}
