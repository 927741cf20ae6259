package io.penstock.launch.job;

import io.penstock.checkpoint.FileSum;
import io.penstock.checkpoint.TrainingState;
import java.io.Serializable;
import java.util.List;

/**
 * Message of a rank that has written its part of a checkpoint. Immutable. The driver answers
 * whether the checkpoint is complete; a rank may send it again to ask.
 *
 * @param rank from 0
 * @param attempt name of the attempt: see {@link CheckpointLocation}
 * @param state of the run, as the rank knows it
 * @param knowsLosses whether the rank knows losses and early stopping
 * @param seconds that the rank took to write
 * @param files that it wrote
 */
record CheckpointPart(
    int rank,
    String attempt,
    TrainingState state,
    boolean knowsLosses,
    double seconds,
    List<FileSum> files)
    implements Serializable {
  CheckpointPart {
    files = List.copyOf(files);
  }

  int step() {
    return state.step();
  }
}
