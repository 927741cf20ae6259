package io.penstock.ml;

import io.penstock.launch.job.Checkpoints;
import io.penstock.nn.network.Sequential;
import java.util.Optional;
import java.util.function.Function;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkContext;
import org.apache.spark.ml.param.ParamMap;

/**
 * Checkpoints of the weights (checkpoints) that a fit is to leave, as its params say.
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
    int every = params.getCheckpointInterval();
    if (every < 1) {
      return Optional.empty();
    }
    // A model without weights has the params, which is all that is asked of it.
    PipelineParallelModel<?> model = make.apply(null);
    params.copyValues(model, ParamMap.empty());
    ModelOutline outline;
    try {
      outline = ModelOutline.of(model, network, format, context);
    } catch (IllegalArgumentException custom) {
      throw new IllegalArgumentException(
          "checkpointInterval is "
              + every
              + ", but no checkpoint can be written: "
              + custom.getMessage()
              + " Leave checkpointInterval at -1.",
          custom);
    }
    if (context.getCheckpointDir().isEmpty()) {
      throw new IllegalArgumentException(
          "checkpointInterval is "
              + every
              + ", but the SparkContext has no checkpoint directory. Set one that all executors"
              + " reach, spark.sparkContext().setCheckpointDir(\"hdfs:///checkpoints\"), or leave"
              + " checkpointInterval at -1 for no checkpoints.");
    }
    Configuration conf = context.hadoopConfiguration();
    return Optional.of(
        new Checkpoints(
            context.getCheckpointDir().get(),
            every,
            params.getKeepLastCheckpoint(),
            path -> outline.write(path, conf)));
  }
}
