package io.penstock.ml;

/**
 * Setters of the checkpoints that all pipeline-parallel estimators share.
 *
 * <p>Like all of MLlib's they are for one thread at a time.
 *
 * @param <E> the estimator's own type, which every setter returns
 */
public interface CheckpointSetters<E extends CheckpointSetters<E>> extends CheckpointParams {
  @SuppressWarnings("unchecked") // an estimator names itself
  private E self() {
    return (E) this;
  }

  /**
   * Sets the directory of this fit's checkpoints: a fit goes on from the newest one there, bit for
   * bit, also in another application and on another number of executors. One fit's alone.
   */
  default E setCheckpointDir(String directory) {
    set(checkpointDir(), directory);
    return self();
  }

  /**
   * Sets the epochs between two checkpoints; -1 for none. A checkpoint is also a model that its
   * class can load: {@code step-(number)-(attempt)} in {@link #checkpointDir} or, without that, in
   * {@code penstock-(run)} in the checkpoint directory of the SparkContext.
   */
  default E setCheckpointInterval(int epochs) {
    set(checkpointInterval(), epochs);
    return self();
  }

  /** Sets the steps between two checkpoints; -1 for none by steps. */
  default E setCheckpointSteps(int steps) {
    set(checkpointSteps(), steps);
    return self();
  }

  /** Sets the seconds between two checkpoints; 0 for none by time. */
  default E setCheckpointSeconds(double seconds) {
    set(checkpointSeconds(), seconds);
    return self();
  }

  /** Sets how many of the newest checkpoints are kept. */
  default E setNumCheckpoints(int number) {
    set(numCheckpoints(), number);
    return self();
  }

  /** Sets whether the last checkpoints stay when fit succeeds; those of a fit that fails do. */
  default E setKeepLastCheckpoint(boolean value) {
    set(keepLastCheckpoint(), value);
    return self();
  }
}
