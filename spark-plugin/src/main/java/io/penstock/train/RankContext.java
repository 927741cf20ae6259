package io.penstock.train;

import io.penstock.compute.Workspace;
import java.util.function.BooleanSupplier;

/**
 * Collaborators shared by one rank's components. For the rank's thread.
 *
 * @param plan of the run
 * @param rank this rank's number, from 0
 * @param topology which rank holds which stage
 * @param exchange of arrays between stages and ranks
 * @param skips exchange over skip connections
 * @param places exchange of which places of sequences are padding
 * @param pool of the arrays
 * @param disk to which arrays go until they are needed again
 * @param watch looks at the numbers
 * @param position told where the rank is
 * @param clock for measurements
 * @param cancelled asked while waiting; true ends the run with an InterruptedException
 */
record RankContext(
    TrainingPlan plan,
    int rank,
    Topology topology,
    Exchange exchange,
    SkipExchange skips,
    PlacesExchange places,
    Workspace pool,
    Offload disk,
    StepWatch watch,
    RankPosition position,
    WallClock clock,
    BooleanSupplier cancelled)
    implements AutoCloseable {

  /** Returns whether this rank has its replica's outputs, and so labels. */
  boolean hasEnd() {
    return topology.isLast(rank);
  }

  /** Returns whether this rank knows the loss of whole mini-batches, and tells of it. */
  boolean reports() {
    return rank == plan.labelRank();
  }

  /** Gives back what was to be exchanged and what is on disk, and the pool's memory. */
  @Override
  public void close() {
    try (exchange;
        disk) {
      // The disk first, the exchange next, whatever fails of it.
    } finally {
      pool.clear();
    }
  }
}
