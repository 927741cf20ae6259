package io.penstock.event;

/** Kind of failure that ends a run, or an attempt at one. Immutable. */
public enum FailureKind {
  /** The executor of a rank is gone: its process, container or host ended. */
  EXECUTOR_LOST("executor lost", true),
  /** Spark took the executor of a rank away, after it had said so. */
  DECOMMISSIONED("executor decommissioned", true),
  /** The driver ended an attempt at a checkpoint, to go on with other executors. */
  MOVED("moved to other executors", true),
  /** The connection between two ranks broke while both executors lived, as far as is known. */
  LINK_BROKEN("connection broken", true),
  /** A rank neither computed nor answered for too long. */
  STALLED("rank stalled", true),
  /** The GPU of a rank is of no more use to its process; another executor's process has one. */
  DEVICE_LOST("GPU lost", true),
  /** The GPU of a rank has not the memory that the rank asked for. */
  DEVICE_FULL("GPU out of memory", false),
  /** A rank threw an exception or an error of its own. */
  EXCEPTION("exception", true),
  /** The run's Spark job was cancelled, or the thread that waited for it interrupted. */
  CANCELLED("cancelled", false),
  /** Numbers became NaN or infinite. */
  BAD_NUMBERS("numbers gone bad", false),
  /**
   * The run was refused for what it was given: rows, a setting, or a cluster that cannot carry it.
   */
  REFUSED_INPUT("refused", false),
  /**
   * A checkpoint, or what was learnt, could not be written by a rank or completed by the driver.
   */
  CHECKPOINT_FAILED("checkpoint failed", false),
  /** Something else failed on the driver, such as what listens to the run. */
  DRIVER_FAILED("driver failed", false),
  /** Spark ended the job for a reason of its own, such as shuffle files that are lost. */
  JOB_FAILED("Spark's job failed", true);

  private final String words;
  private final boolean recoverable;

  FailureKind(String words, boolean recoverable) {
    this.words = words;
    this.recoverable = recoverable;
  }

  /** Returns the name for people, of a few words without a capital. */
  public String words() {
    return words;
  }

  /**
   * Returns whether it makes sense to run the job again as it is: true where it may have been bad
   * luck, as a lost executor is, and false where it would happen again or was wanted.
   */
  public boolean recoverable() {
    return recoverable;
  }
}
