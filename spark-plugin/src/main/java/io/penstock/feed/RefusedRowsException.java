package io.penstock.feed;

import org.apache.spark.TaskContext;

/**
 * Thrown for rows that cannot be trained on or scored; the message says all there is to know.
 * Immutable but for its stack trace. On an executor it has no stack: Spark writes that to the log
 * for every attempt of every task, and it would bury the message.
 */
public abstract sealed class RefusedRowsException extends IllegalArgumentException
    permits BadRowException, EmptyDataException {
  private static final long serialVersionUID = 1L;

  RefusedRowsException(String message) {
    super(message);
  }

  /** Leaves the stack out in a task of Spark's. */
  @Override
  public synchronized Throwable fillInStackTrace() {
    return TaskContext.get() == null ? super.fillInStackTrace() : this;
  }

  /**
   * Replaces the stack of an exception from an executor by the driver's, which says which call was
   * refused.
   *
   * @return this
   */
  public RefusedRowsException onDriver() {
    setStackTrace(new Throwable().getStackTrace());
    return this;
  }
}
