package io.penstock.feed;

import org.apache.spark.TaskContext;

/**
 * Rows that cannot be trained on or scored; the message says all there is to know. On an executor
 * it has no stack: Spark writes that to the log for every attempt of every task, and it would bury
 * the message.
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

  /** Gives one from an executor the stack of the driver, where it says which call was refused. */
  public RefusedRowsException onDriver() {
    setStackTrace(new Throwable().getStackTrace());
    return this;
  }
}
