package io.penstock.ml;

import io.penstock.launch.job.CheckpointRhythm;
import io.penstock.launch.job.Checkpoints;
import io.penstock.nn.network.Sequential;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkContext;
import org.apache.spark.ml.param.ParamMap;

/**
 * Checkpoints that a fit is to leave, as its params say.
 *
 * @param params the estimator's
 * @param network what is trained
 */
record FitCheckpoints(PipelineParallelEstimator<?> params, Sequential network) {
  /**
   * Returns the checkpoints; empty if none are wanted.
   *
   * @param make the estimator's model of what was learnt
   * @param format of the model that a checkpoint is
   * @throws IllegalArgumentException if there is no place for them, or the network has a custom
   *     layer, which cannot be saved
   */
  Optional<Checkpoints> of(
      SparkContext context,
      Function<FittedNetwork, ? extends PipelineParallelModel<?>> make,
      SavedFormat format) {
    if (rhythm().isEmpty()) {
      return Optional.empty();
    }
    // A model without weights has the params, which is all that is asked of it.
    PipelineParallelModel<?> model = make.apply(null);
    params.copyValues(model, ParamMap.empty());
    SavedModel outline;
    try {
      outline = SavedModel.of(model, network, format, context);
    } catch (IllegalArgumentException custom) {
      throw new IllegalArgumentException(
          "Checkpoints are asked for ("
              + asked()
              + "), but none can be written: "
              + custom.getMessage()
              + " Leave them out.",
          custom);
    }
    Configuration conf = context.hadoopConfiguration();
    return Optional.of(
        new Checkpoints(
            directory(context),
            params.isDefined(params.checkpointDir()),
            rhythm().get(),
            params.getNumCheckpoints(),
            params.getKeepLastCheckpoint(),
            path -> outline.write(path, conf)));
  }

  /** Returns whether the params ask for checkpoints. */
  boolean areWanted() {
    return rhythm().isPresent();
  }

  /** Returns how often there is a checkpoint; empty if none are wanted. */
  private Optional<CheckpointRhythm> rhythm() {
    int epochs = Math.max(0, params.getCheckpointInterval());
    int steps = Math.max(0, params.getCheckpointSteps());
    double seconds = params.getCheckpointSeconds();
    boolean none = epochs == 0 && steps == 0 && seconds == 0;
    if (none && !params.isDefined(params.checkpointDir())) {
      return Optional.empty();
    }
    return Optional.of(new CheckpointRhythm(none ? 1 : epochs, steps, seconds));
  }

  /** Returns the params that ask for checkpoints, in words. */
  private String asked() {
    return Stream.of(
            params.checkpointDir(),
            params.checkpointInterval(),
            params.checkpointSteps(),
            params.checkpointSeconds())
        .filter(params::isSet)
        .map(param -> param.name() + " is " + params.get(param).get())
        .collect(Collectors.joining(", "));
  }

  /** Returns the directory that the fit has for itself; empty if it has none. */
  Optional<String> ownDirectory() {
    return params.isDefined(params.checkpointDir())
        ? Optional.of(params.getCheckpointDir())
        : Optional.empty();
  }

  private String directory(SparkContext context) {
    if (ownDirectory().isPresent()) {
      return ownDirectory().get();
    }
    if (context.getCheckpointDir().isEmpty()) {
      throw new IllegalArgumentException(
          "Checkpoints are asked for ("
              + asked()
              + "), but there is no directory for them. Set one that all executors reach:"
              + " checkpointDir, from which a later fit goes on, or the SparkContext's,"
              + " spark.sparkContext().setCheckpointDir(\"hdfs:///checkpoints\").");
    }
    return context.getCheckpointDir().get();
  }

  /**
   * Returns the gradient groups of the fit that has left a checkpoint from which this one goes on:
   * where they are to be chosen, they must be those. Empty if there is none.
   */
  OptionalInt savedGroups(SparkContext context) {
    return params.isDefined(params.checkpointDir())
        ? Checkpoints.savedGroups(params.getCheckpointDir(), context.hadoopConfiguration())
        : OptionalInt.empty();
  }

  /**
   * Returns the micro-batches of the fit that has left a checkpoint from which this one goes on:
   * where they are to be chosen, they must be those. Empty if there is none.
   */
  OptionalInt savedMicroBatches(SparkContext context) {
    return params.isDefined(params.checkpointDir())
        ? Checkpoints.savedMicroBatches(params.getCheckpointDir(), context.hadoopConfiguration())
        : OptionalInt.empty();
  }

  /**
   * Returns the network of the fit that has left a checkpoint from which this one goes on, as it
   * travels: where blocks of its output are to be chosen, they must be those. Empty if there is
   * none.
   */
  Optional<String> savedNetwork(SparkContext context) {
    return params.isDefined(params.checkpointDir())
        ? Checkpoints.savedNetwork(params.getCheckpointDir(), context.hadoopConfiguration())
        : Optional.empty();
  }
}
