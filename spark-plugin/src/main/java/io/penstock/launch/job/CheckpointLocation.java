package io.penstock.launch.job;

import java.io.Serializable;

/**
 * Places of a run's checkpoints, and the epochs after which there is one. Immutable.
 *
 * @param run the run's own directory
 * @param every how many epochs apart
 */
record CheckpointLocation(String run, int every) implements Serializable {
  /**
   * Returns whether a checkpoint is due.
   *
   * @param epoch the one that is done, counted from 0
   */
  boolean dueAfter(int epoch) {
    return (epoch + 1) % every == 0;
  }

  /** Returns the directory's name, in which people count epochs from 1. */
  String of(int epoch) {
    return run + "/epoch-" + (epoch + 1);
  }
}
