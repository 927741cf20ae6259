package io.penstock.train;

import io.penstock.Internal;
import io.penstock.nn.Parameters;
import java.util.Map;

/** Listener to a rank's progress. Called from the rank's own thread, which waits meanwhile. */
@Internal
@FunctionalInterface
public interface Progress {
  /**
   * Takes note that a step is done; called by every rank, so it must take no time.
   *
   * @param nanos the step's time on this rank, waiting included
   */
  default void stepTook(long nanos) {}

  /**
   * Takes note that a step is done; called by the rank that has the last layer only, so it must
   * take no time.
   */
  default void stepDone(StepReport report) {}

  /**
   * Takes the weights of this rank's layers when an epoch is done; called before {@link
   * #epochDone}.
   *
   * @param epoch counted from 0
   * @param layers by layer, those that own their weights; not to be changed nor kept, for the next
   *     step changes them
   */
  default void learnt(int epoch, Map<Integer, Parameters> layers) {}

  /** Takes note that an epoch is done on this rank. */
  void epochDone(EpochReport report);
}
