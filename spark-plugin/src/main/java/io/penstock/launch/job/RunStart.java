package io.penstock.launch.job;

import io.penstock.checkpoint.FileSum;
import io.penstock.checkpoint.RunIdentity;
import io.penstock.checkpoint.StateStore;
import io.penstock.checkpoint.TrainingState;
import io.penstock.checkpoint.UnreadableStateException;
import io.penstock.train.InitialState;
import io.penstock.train.StoredState;
import java.io.IOException;
import java.io.Serializable;
import java.util.List;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.SerializableConfiguration;

/**
 * Start of a run from a checkpoint, as it travels with the task: paths and small numbers; each rank
 * reads its own layers. Immutable.
 *
 * @param directory of the checkpoint
 * @param identity of the run that wrote it
 * @param state of that run
 * @param files of the layers
 * @param hadoop the driver's settings
 */
record RunStart(
    String directory,
    RunIdentity identity,
    TrainingState state,
    List<FileSum> files,
    Broadcast<SerializableConfiguration> hadoop)
    implements Serializable {
  RunStart {
    files = List.copyOf(files);
  }

  /** Returns the start from a checkpoint. */
  static RunStart of(SavedCheckpoint saved, Broadcast<SerializableConfiguration> hadoop) {
    return new RunStart(
        saved.directory(),
        saved.manifest().identity(),
        saved.manifest().state(),
        saved.manifest().files(),
        hadoop);
  }

  /**
   * Returns the state to begin with; reads nothing yet.
   *
   * @throws UnreadableStateException if the file system cannot be reached
   */
  InitialState open() {
    try {
      return new StoredState(
          state, new StateStore(directory, hadoop.value().value()).reader(files));
    } catch (IOException unreachable) {
      throw new UnreadableStateException(unreachable);
    }
  }

  /**
   * Checks that the rows are those that the checkpoint's run has learnt from.
   *
   * @throws IllegalArgumentException naming what differs
   */
  void check(RunIdentity.Rows rows) {
    identity
        .difference(identity.with(rows))
        .ifPresent(
            difference -> {
              throw refused(directory, difference);
            });
  }

  /** Returns the refusal to go on from a checkpoint of another run. */
  static IllegalArgumentException refused(String directory, String difference) {
    return new IllegalArgumentException(
        "The checkpoint "
            + directory
            + " is of another run, from which this one cannot go on bit for bit. It differs in "
            + difference
            + ". Take another checkpoint directory, or delete what is in this one to begin anew.");
  }
}
