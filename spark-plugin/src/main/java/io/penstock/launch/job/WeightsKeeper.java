package io.penstock.launch.job;

import io.penstock.checkpoint.NetworkWeights;
import io.penstock.launch.cluster.WeightsPlace;
import io.penstock.nn.network.Sequential;
import io.penstock.train.RankResult;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSError;
import org.apache.spark.SparkContext;
import org.apache.spark.util.SerializableConfiguration;

/**
 * Keeper of a run's trained weights on the driver, over all attempts: tells ranks where to leave
 * them, and makes them the run's when it has succeeded. For the driver's thread.
 */
final class WeightsKeeper implements AutoCloseable {
  private final SparkContext context;
  private final Configuration conf;
  private final String runId;

  /** Directory of the newest attempt; null where its weights come with the results. */
  private SessionDirectory directory;

  private boolean kept;

  WeightsKeeper(SparkContext context, String runId) {
    this.context = context;
    this.conf = context.hadoopConfiguration();
    this.runId = runId;
  }

  /**
   * Begins an attempt, in a directory of its own: a task that Spark has given up may still write.
   *
   * @return what its ranks are told; empty if the weights come with the results
   * @throws IllegalArgumentException if the directory cannot be written to
   */
  Optional<WeightsTask> begin(WeightsPlace place, int attempt) {
    close();
    directory = null;
    if (place.directory().isEmpty()) {
      return Optional.empty();
    }
    String base = place.directory().get();
    try {
      directory =
          SessionDirectory.make(context, base, "model-" + runId + "-" + attempt, WeightsTask.MARK);
    } catch (IOException | IllegalArgumentException | FSError cause) {
      throw new IllegalArgumentException(
          "The driver cannot write to "
              + base
              + ", where the weights are to be kept when the run is over: "
              + cause
              + ". Set spark.penstock.model.dir to a directory of a file system that the driver and"
              + " all executors share and may write to.",
          cause);
    }
    return Optional.of(new WeightsTask(directory.path(), new SerializableConfiguration(conf)));
  }

  /**
   * Returns the weights of the attempt, which has succeeded.
   *
   * @throws CheckpointException if they are not where the ranks have written them
   */
  NetworkWeights of(List<RankResult> results, Sequential network) {
    if (directory == null) {
      Map<Integer, float[]> weights = new TreeMap<>();
      results.forEach(rank -> weights.putAll(rank.weights()));
      return NetworkWeights.inMemory(weights);
    }
    try {
      NetworkWeights weights = NetworkWeights.stored(directory.path(), network, conf);
      kept = true;
      return weights;
    } catch (IOException | RuntimeException | FSError cause) {
      throw CheckpointException.of(
          "Could not find the weights in", directory.path(), cause, "Was it deleted?");
    }
  }

  /** Deletes what an attempt without success has left. */
  @Override
  public void close() {
    if (directory != null && !kept) {
      directory.delete();
    }
  }
}
