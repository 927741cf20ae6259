package io.penstock.launch.job;

import io.penstock.checkpoint.LayerFiles;
import io.penstock.nn.Parameters;
import java.io.IOException;
import java.io.Serializable;
import java.util.Map;
import org.apache.hadoop.fs.FSError;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.SerializableConfiguration;

/**
 * Writer of a rank's part of a checkpoint: its own layers' weights. Immutable; for the rank's
 * thread.
 *
 * @param places of the run's checkpoints
 * @param hadoop the driver's settings, which the executors' own files need not have
 */
record CheckpointWriter(CheckpointLocation places, Broadcast<SerializableConfiguration> hadoop)
    implements Serializable {
  /**
   * Writes the layers if a checkpoint is due.
   *
   * @param epoch the one that is done, counted from 0
   * @return whether one was due
   * @throws CheckpointException naming the place, if they cannot be written
   */
  boolean write(int epoch, Map<Integer, Parameters> layers) {
    if (!places.dueAfter(epoch)) {
      return false;
    }
    String model = places.of(epoch);
    try {
      LayerFiles files = LayerFiles.ofModel(model, hadoop.value().value());
      for (Map.Entry<Integer, Parameters> layer : layers.entrySet()) {
        files.write(layer.getKey(), layer.getValue());
      }
      return true;
    } catch (IOException | RuntimeException | FSError | LinkageError cause) {
      throw CheckpointException.of(
          "Could not write the checkpoint of epoch " + (epoch + 1) + " to",
          model,
          cause,
          "Every executor must be able to write there: give setCheckpointDir a directory of a"
              + " shared file system with room.");
    }
  }
}
