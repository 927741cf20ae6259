package io.penstock.launch.job;

import java.io.IOException;

/**
 * Snapshots that a run is to leave on the way: the weights of its newest N-th epoch.
 *
 * <p>Each rank writes its own layers' before it tells that the epoch is done, so no machine needs
 * room for all. Once all ranks have told, the driver has the snapshot completed, and only then
 * deletes the one before. A run that fails or is cancelled leaves its newest complete one.
 *
 * @param directory where the run makes a directory of its own, on any file system that Hadoop knows
 *     and that all executors reach
 * @param every after how many epochs there is one, at least 1
 * @param keepLast whether the last one stays when the run succeeds
 * @param completion what makes the weights of all layers a model that can be loaded
 */
public record Snapshots(String directory, int every, boolean keepLast, Completion completion) {
  /**
   * @throws IllegalArgumentException if {@code every} is below 1
   */
  public Snapshots {
    if (every < 1) {
      throw new IllegalArgumentException(
          "Snapshots after every " + every + " epochs; take 1 or more.");
    }
  }

  /**
   * The driver's part of a snapshot. Called for one snapshot at a time, while the run waits; it
   * must not start a Spark job, for the run has the slots.
   */
  @FunctionalInterface
  public interface Completion {
    /**
     * Writes all that a model has besides its weights, and last what says that it is whole.
     *
     * @param model the snapshot's directory; the weights are in {@code data}, as {@link
     *     io.penstock.checkpoint.LayerFiles#ofModel} has them
     * @throws IOException if it cannot be written, which ends the run
     */
    void complete(String model) throws IOException;
  }
}
