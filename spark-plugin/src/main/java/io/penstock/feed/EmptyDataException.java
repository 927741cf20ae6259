package io.penstock.feed;

/** There is nothing to train on. */
public final class EmptyDataException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  /** Says that the DataFrame has no rows, and where they usually went. */
  public EmptyDataException() {
    super(
        "the DataFrame has no rows, so there is nothing to train on. Look at df.count() before fit:"
            + " a filter, a join or a split may have left none, or the path read was empty.");
  }
}
