package io.penstock.ml;

import org.apache.spark.ml.param.BooleanParam;
import org.apache.spark.ml.param.IntParam;

/**
 * Params of checkpoints: which checkpoints of the weights a fit leaves on its way, with getters.
 *
 * <p>Like all params of MLlib's they may be read by any thread and are set by one at a time.
 */
public interface CheckpointParams extends ValidationParams {
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
                        + " after every 10 epochs the weights are written, as a model that can be"
                        + " loaded, to the checkpoint directory, which must be set in the"
                        + " SparkContext. The newest takes the place of the one before; it stays"
                        + " where a fit fails, and another can begin with it by initialModel.",
                    new ParamValidator<>(
                        name,
                        "a whole number of at least 1, or -1 for no checkpoints",
                        value -> (Integer) value >= 1 || (Integer) value == -1)));
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
                    "Whether the last checkpoint stays when fit succeeds (true), or is deleted"
                        + " (false). One of a fit that fails stays."));
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
