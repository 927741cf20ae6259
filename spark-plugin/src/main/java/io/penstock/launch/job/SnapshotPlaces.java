package io.penstock.launch.job;

import java.io.Serializable;

/**
 * Where a run's snapshots lie, and after which epochs there is one.
 *
 * @param run the run's own directory
 * @param every after how many epochs
 */
record SnapshotPlaces(String run, int every) implements Serializable {
  /**
   * Whether a snapshot is due.
   *
   * @param epoch the one that is done, counted from 0
   */
  boolean dueAfter(int epoch) {
    return (epoch + 1) % every == 0;
  }

  /** The directory's name, in which people count epochs from 1. */
  String of(int epoch) {
    return run + "/epoch-" + (epoch + 1);
  }
}
