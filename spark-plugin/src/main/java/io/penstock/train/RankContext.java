package io.penstock.train;

import io.penstock.compute.Workspace;
import java.util.function.BooleanSupplier;

/**
 * What all that a rank does has in common.
 *
 * @param plan of the run
 * @param rank which one this is
 * @param exchange how arrays get to other stages as they are
 * @param activations how activations and their gradients do, in the precision of the plan's links
 * @param skips what goes over skip connections
 * @param places who is told which places of sequences are padding
 * @param pool where arrays come from and go back to
 * @param watch looks at the numbers
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
    NumberWatch watch,
    WallClock clock,
    BooleanSupplier cancelled) {

  /** Whether this rank has the network's outputs, and so its labels. */
  boolean hasEnd() {
    return rank == plan.labelRank();
  }
}
