package io.penstock.launch.job;

import java.io.IOException;

/**
 * Checkpoints (checkpoints) that a run is to leave on the way: the weights of its newest N-th
 * epoch. Immutable.
 *
 * <p>Each rank writes its own layers' before it tells that the epoch is done, so no machine needs
 * room for all. Once all ranks have told, the driver has the checkpoint completed, and only then
 * deletes the one before. A run that fails or is cancelled leaves its newest complete one.
 *
 * @param directory where the run makes a directory of its own, on any file system that Hadoop knows
 *     and that all executors reach
 * @param every how many epochs apart, at least 1
 * @param keepLast whether the last one stays when the run succeeds
 * @param completion makes the weights of all layers a model that can be loaded
 */
public record Checkpoints(String directory, int every, boolean keepLast, Completion completion) {
  /**
   * @throws IllegalArgumentException if {@code every} is below 1
   */
  public Checkpoints {
    if (every < 1) {
      throw new IllegalArgumentException(
          "Checkpoints after every " + every + " epochs; take 1 or more.");
    }
  }

  /**
   * Completion of a checkpoint on the driver. Called for one checkpoint at a time, on a thread of
   * Spark's RPC, while the run waits; it must not start a Spark job, for the run has the slots.
   */
  @FunctionalInterface
  public interface Completion {
    /**
     * Writes all that a model has besides its weights, and last what says that it is whole.
     *
     * @param model the checkpoint's directory; the weights are in {@code data}, as {@link
     *     io.penstock.checkpoint.LayerFiles#ofModel} has them
     * @throws IOException if it cannot be written, which ends the run
     */
    void complete(String model) throws IOException;
  }
}
