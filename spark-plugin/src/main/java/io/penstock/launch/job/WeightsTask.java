package io.penstock.launch.job;

import io.penstock.checkpoint.LayerFiles;
import io.penstock.nn.Parameters;
import io.penstock.train.TrainedLayers;
import java.io.IOException;
import java.io.Serializable;
import java.util.Map;
import java.util.SortedMap;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.util.SerializableConfiguration;

/**
 * Order to a rank to write its trained layers to files, as it travels with the task. Immutable.
 *
 * @param directory of the model that all ranks write; the driver has made it, with {@link #MARK}
 * @param hadoop the driver's settings, which the executors' own files need not have
 */
record WeightsTask(String directory, SerializableConfiguration hadoop)
    implements TrainedLayers, Serializable {
  /** File by which a rank knows that it sees the driver's directory, not one of its own machine. */
  static final String MARK = "_driver";

  private static final String ADVICE =
      "When the run is over, the ranks leave weights there that are too large for the driver's"
          + " memory. Set spark.penstock.model.dir to a directory of a file system that the driver"
          + " and all executors share and may write to.";

  /**
   * Checks before the training, rather than when all has been learnt, that this rank reaches the
   * driver's directory and may write to it.
   *
   * @throws IllegalArgumentException if it does not or may not
   */
  void check(int rank) {
    Path mark = new Path(directory, MARK);
    Path own = new Path(directory, "_rank-" + rank);
    boolean seen;
    try {
      FileSystem files = mark.getFileSystem(hadoop.value());
      seen = files.exists(mark);
      if (seen) {
        files.create(own, true).close();
        files.delete(own, false);
      }
    } catch (IOException | RuntimeException | FSError cause) {
      throw new IllegalArgumentException(
          "Rank " + rank + " cannot write to " + directory + ": " + cause + ". " + ADVICE, cause);
    }
    if (!seen) {
      throw new IllegalArgumentException(
          "Rank "
              + rank
              + " does not see "
              + mark
              + ", which the driver has written: the directory is not shared. "
              + ADVICE);
    }
  }

  @Override
  public Map<Integer, float[]> take(SortedMap<Integer, Parameters> layers) {
    try {
      LayerFiles files = LayerFiles.ofModel(directory, hadoop.value());
      for (Map.Entry<Integer, Parameters> layer : layers.entrySet()) {
        files.write(layer.getKey(), layer.getValue());
      }
      return Map.of();
    } catch (IOException | RuntimeException | FSError cause) {
      throw CheckpointException.of("Could not write the weights to", directory, cause, ADVICE);
    }
  }
}
