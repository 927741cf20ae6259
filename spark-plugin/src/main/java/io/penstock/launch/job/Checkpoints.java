package io.penstock.launch.job;

import io.penstock.checkpoint.RunIdentity;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.ToIntFunction;
import org.apache.hadoop.conf.Configuration;

/**
 * Checkpoints that a run is to leave on the way, from which it goes on by itself when it fails.
 * Immutable.
 *
 * <p>Each rank copies the state of its own layers between two steps and writes the copy while it
 * trains on, so no machine needs room for all and compute does not wait for the file system. Once
 * all ranks have written, the driver completes the checkpoint by its manifest, and only then
 * deletes older ones. A run that fails or is cancelled leaves its newest complete ones.
 *
 * @param directory of the checkpoints, on any file system that Hadoop knows and that the driver and
 *     all executors reach
 * @param resumes whether a run goes on from the newest checkpoint that an earlier run has left in
 *     the directory, which is then the run's own; if not, the run makes a directory of its own in
 *     it
 * @param rhythm how often there is one
 * @param kept how many of the newest are kept, at least 1
 * @param keepLast whether the last ones stay when the run succeeds
 * @param completion makes the weights of all layers a model that can be loaded
 */
public record Checkpoints(
    String directory,
    boolean resumes,
    CheckpointRhythm rhythm,
    int kept,
    boolean keepLast,
    Completion completion) {
  /**
   * Checks that at least one is kept.
   *
   * @throws IllegalArgumentException if none is
   */
  public Checkpoints {
    if (kept < 1) {
      throw new IllegalArgumentException(
          "Of the checkpoints " + kept + " are to be kept; take 1 or more.");
    }
  }

  /** Makes checkpoints after every so many epochs, of which the newest is kept. */
  public Checkpoints(String directory, int everyEpochs, boolean keepLast, Completion completion) {
    this(directory, false, CheckpointRhythm.ofEpochs(everyEpochs), 1, keepLast, completion);
  }

  /**
   * Returns the micro-batches of a mini-batch in the run that has left the newest checkpoint in a
   * directory, from which no run of other micro-batches goes on; empty if there is none.
   *
   * @throws UncheckedIOException if there is one and it cannot be read
   */
  public static OptionalInt savedMicroBatches(String directory, Configuration conf) {
    return saved(directory, conf, RunIdentity::microBatches);
  }

  /**
   * Returns the gradient groups of that run, in which any that goes on from there has to sum.
   *
   * @throws UncheckedIOException if there is a checkpoint and it cannot be read
   */
  public static OptionalInt savedGroups(String directory, Configuration conf) {
    return saved(directory, conf, of -> of.gradientGroups() == null ? 1 : of.gradientGroups());
  }

  /**
   * Returns the network of that run, as {@link io.penstock.nn.network.Sequential#toWire} writes it.
   *
   * @throws UncheckedIOException if there is a checkpoint and it cannot be read
   */
  public static Optional<String> savedNetwork(String directory, Configuration conf) {
    return saved(directory, conf).map(RunIdentity::network);
  }

  private static OptionalInt saved(
      String directory, Configuration conf, ToIntFunction<RunIdentity> what) {
    return saved(directory, conf).stream().mapToInt(what).findFirst();
  }

  private static Optional<RunIdentity> saved(String directory, Configuration conf) {
    try {
      return new CheckpointDirectory(directory, conf)
          .complete().stream().map(saved -> saved.manifest().identity()).findFirst();
    } catch (IOException cause) {
      throw new UncheckedIOException(
          "Could not look for checkpoints in " + directory + ": " + cause.getMessage(), cause);
    }
  }

  /**
   * Completion of a checkpoint on the driver. Called for one checkpoint at a time, on a thread that
   * the run has for its checkpoints; it must not start a Spark job, for the run has the slots.
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
