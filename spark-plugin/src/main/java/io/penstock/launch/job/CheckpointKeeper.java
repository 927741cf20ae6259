package io.penstock.launch.job;

import java.io.IOException;
import java.util.Optional;
import java.util.OptionalInt;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.SerializableConfiguration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeper of a run's checkpoints on the driver: completes them and keeps only the newest.
 * Thread-safe.
 */
final class CheckpointKeeper implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(CheckpointKeeper.class);

  private final Checkpoints wanted;
  private final CheckpointLocation places;
  private final Configuration conf;
  private final Broadcast<SerializableConfiguration> hadoop;
  private OptionalInt newest = OptionalInt.empty();
  private boolean succeeded;

  CheckpointKeeper(SparkContext context, Checkpoints wanted, String runId) {
    this.wanted = wanted;
    Path run = new Path(wanted.directory(), runId);
    this.places = new CheckpointLocation(run.toString(), wanted.every());
    this.conf = context.hadoopConfiguration();
    this.hadoop = new JavaSparkContext(context).broadcast(new SerializableConfiguration(conf));
  }

  /** Returns the ranks' part. */
  CheckpointWriter writer() {
    return new CheckpointWriter(places, hadoop);
  }

  /**
   * Completes the checkpoint of an epoch that all ranks have written, if one is due.
   *
   * @param epoch counted from 0
   * @return where it is; empty if none was due
   * @throws CheckpointException naming the place, if it cannot be completed
   */
  synchronized Optional<String> epochDone(int epoch) {
    if (!places.dueAfter(epoch)) {
      return Optional.empty();
    }
    try {
      wanted.completion().complete(places.of(epoch));
    } catch (IOException | RuntimeException | FSError | LinkageError cause) {
      throw CheckpointException.of(
          "Could not complete the checkpoint of epoch " + (epoch + 1) + " in",
          places.of(epoch),
          cause,
          "");
    }
    LOG.info("Checkpoint of epoch {}: {}", epoch + 1, places.of(epoch));
    OptionalInt before = newest;
    newest = OptionalInt.of(epoch);
    before.ifPresent(older -> delete(new Path(places.of(older))));
    return Optional.of(places.of(epoch));
  }

  /** Takes note that the run has succeeded. */
  synchronized void succeeded() {
    succeeded = true;
  }

  /**
   * Returns where the newest complete checkpoint is, in words that follow a message; empty without
   * one.
   */
  synchronized String hint() {
    return newest.isEmpty()
        ? ""
        : " The weights of epoch "
            + (newest.getAsInt() + 1)
            + " are in "
            + places.of(newest.getAsInt())
            + ": load that model and begin with it by setInitialModel.";
  }

  /** Deletes all but the newest complete checkpoint, and that too where it is not wanted. */
  @Override
  public synchronized void close() {
    Path run = new Path(places.run());
    if (newest.isEmpty() || (succeeded && !wanted.keepLast())) {
      delete(run);
    } else {
      deleteAllBut(new Path(places.of(newest.getAsInt())).getName(), run);
    }
    hadoop.destroy();
  }

  private void deleteAllBut(String kept, Path run) {
    try {
      for (FileStatus found : run.getFileSystem(conf).listStatus(run)) {
        if (!found.getPath().getName().equals(kept)) {
          delete(found.getPath());
        }
      }
    } catch (IOException | RuntimeException | FSError cause) {
      LOG.warn("Could not look for incomplete checkpoints in {}", run, cause);
    }
  }

  /**
   * Deletes a directory if it can: one that stays is no reason to fail a run, nor to hide why it
   * failed.
   */
  private void delete(Path directory) {
    try {
      directory.getFileSystem(conf).delete(directory, true);
    } catch (IOException | RuntimeException | FSError cause) {
      LOG.warn("Could not delete {}, which nobody needs any more", directory, cause);
    }
  }
}
