package io.penstock.ml;

import org.apache.spark.ml.param.BooleanParam;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.Param;

/**
 * Params of checkpoints: how often and where a fit writes its state, from which it goes on when it
 * fails, with getters.
 *
 * <p>Like all params of MLlib's they may be read by any thread and are set by one at a time.
 */
public interface CheckpointParams extends ValidationParams {
  /** Param for the directory of the checkpoints. Default: one in the SparkContext's */
  default Param<String> checkpointDir() {
    return paramRegistry()
        .param(
            "checkpointDir",
            name ->
                new Param<>(
                    uid(),
                    name,
                    "Directory of this fit's checkpoints, on a file system that the driver and all"
                        + " executors reach. A fit goes on from the newest one that it finds there,"
                        + " also in another application, and refuses those of another network, seed"
                        + " or data. Left out, each fit takes a directory of its own in the"
                        + " SparkContext's checkpoint directory, and begins anew.",
                    new ParamValidator<>(
                        name,
                        "the name of a directory, for example hdfs:///checkpoints/mine",
                        value -> value != null && !value.isBlank())));
  }

  /** Param for the epochs (>= 1) between two checkpoints; -1 for none. Default: -1 */
  default IntParam checkpointInterval() {
    return paramRegistry()
        .param(
            "checkpointInterval",
            -1,
            name ->
                new IntParam(
                    uid(),
                    name,
                    "set checkpoint interval (>= 1) or disable checkpoint (-1). E.g. 10 means that"
                        + " after every 10 epochs a checkpoint is written, to checkpointDir or the"
                        + " SparkContext's checkpoint directory: all that the fit needs to go on,"
                        + " which is also a model that can be loaded. Where checkpointDir is set"
                        + " and no interval, there is one after every epoch.",
                    every(name)));
  }

  /** Param for the steps (>= 1) between two checkpoints; -1 for none. Default: -1 */
  default IntParam checkpointSteps() {
    return paramRegistry()
        .param(
            "checkpointSteps",
            -1,
            name ->
                new IntParam(
                    uid(),
                    name,
                    "Steps (>= 1) between two checkpoints, within epochs; -1 for none by steps. At"
                        + " most so many steps are done again after a failure, and those of which"
                        + " the checkpoint was still being written.",
                    every(name)));
  }

  /** Param for the seconds between two checkpoints; 0 for none. Default: 0 */
  default DoubleParam checkpointSeconds() {
    return paramRegistry()
        .param(
            "checkpointSeconds",
            0.0,
            name ->
                new DoubleParam(
                    uid(),
                    name,
                    "Seconds between two checkpoints, within epochs; 0 for none by time. One that"
                        + " is due while another is being written comes after it.",
                    ParamValidator.notNegative(name, "for none by time")));
  }

  /** Param for the checkpoints (>= 1) that are kept. Default: 2 */
  default IntParam numCheckpoints() {
    return paramRegistry()
        .param(
            "numCheckpoints",
            2,
            name ->
                new IntParam(
                    uid(),
                    name,
                    "How many (>= 1) of the newest checkpoints are kept: if one is damaged, a fit"
                        + " goes on from the one before.",
                    ParamValidator.atLeastOne(name)));
  }

  private static ParamValidator<Object> every(String name) {
    return new ParamValidator<>(
        name,
        "a whole number of at least 1, or -1 for none",
        value -> (Integer) value >= 1 || (Integer) value == -1);
  }

  /** Param for whether the last checkpoint stays when fit succeeds. Default: true */
  default BooleanParam keepLastCheckpoint() {
    return paramRegistry()
        .param(
            "keepLastCheckpoint",
            true,
            name ->
                new BooleanParam(
                    uid(),
                    name,
                    "Whether the last checkpoints stay when fit succeeds (true), or are deleted"
                        + " (false). Those of a fit that fails stay."));
  }

  /** Returns the directory of the checkpoints: see {@link #checkpointDir}. */
  default String getCheckpointDir() {
    return $(checkpointDir());
  }

  /** Returns the steps between two checkpoints, -1 for none: see {@link #checkpointSteps}. */
  default int getCheckpointSteps() {
    return (Integer) $(checkpointSteps());
  }

  /** Returns the seconds between two checkpoints, 0 for none: see {@link #checkpointSeconds}. */
  default double getCheckpointSeconds() {
    return (Double) $(checkpointSeconds());
  }

  /** Returns how many checkpoints are kept: see {@link #numCheckpoints}. */
  default int getNumCheckpoints() {
    return (Integer) $(numCheckpoints());
  }

  /** Returns the epochs between two checkpoints, -1 for none: see {@link #checkpointInterval}. */
  default int getCheckpointInterval() {
    return (Integer) $(checkpointInterval());
  }

  /** Returns whether the last checkpoint stays: see {@link #keepLastCheckpoint}. */
  default boolean getKeepLastCheckpoint() {
    return (Boolean) $(keepLastCheckpoint());
  }
}
