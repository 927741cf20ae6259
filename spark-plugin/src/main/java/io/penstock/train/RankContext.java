package io.penstock.train;

import io.penstock.compute.Workspace;
import java.util.function.BooleanSupplier;

/**
 * Collaborators shared by one rank's components. For the rank's thread.
 *
 * @param plan of the run
 * @param rank this rank's number, from 0
 * @param exchange of arrays between stages, as they are
 * @param activations exchange of activations and their gradients, in the precision of the plan's
 *     links
 * @param skips exchange over skip connections
 * @param places exchange of which places of sequences are padding
 * @param pool of the arrays
 * @param watch looks at the numbers
 * @param position told where the rank is
 * @param clock for measurements
 * @param cancelled asked while waiting; true ends the run with an InterruptedException
 */
record RankContext(
    TrainingPlan plan,
    int rank,
    Exchange exchange,
    Exchange activations,
    SkipExchange skips,
    PlacesExchange places,
    Workspace pool,
    StepWatch watch,
    RankPosition position,
    WallClock clock,
    BooleanSupplier cancelled)
    implements AutoCloseable {

  /** Returns whether this rank has the network's outputs, and so its labels. */
  boolean hasEnd() {
    return rank == plan.labelRank();
  }

  /** Gives back what was to be exchanged, and the pool's memory. */
  @Override
  public void close() {
    exchange.close();
    activations.close();
    pool.clear();
  }
}
