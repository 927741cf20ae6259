package io.penstock.ml;

import org.apache.spark.ml.param.BooleanParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.Param;

/** The params that say which snapshots a fit leaves on its way, with getters. */
public interface CheckpointParams extends ValidationParams {
  private <P extends Param<?>> P own(String name) {
    return paramRegistry().get(name);
  }

  /** Param for the epochs (>= 1) between two snapshots; -1 for none. Default: -1 */
  default IntParam checkpointInterval() {
    return own("checkpointInterval");
  }

  /** Param for whether the last snapshot stays when fit succeeds. Default: true */
  default BooleanParam keepLastCheckpoint() {
    return own("keepLastCheckpoint");
  }

  default int getCheckpointInterval() {
    return (Integer) $(checkpointInterval());
  }

  default boolean getKeepLastCheckpoint() {
    return (Boolean) $(keepLastCheckpoint());
  }
}
