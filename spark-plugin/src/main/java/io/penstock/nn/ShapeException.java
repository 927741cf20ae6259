package io.penstock.nn;

/** A layer, a loss or an array does not fit the shape it was given; the message says what would. */
public final class ShapeException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  /**
   * @param message what was wrong with the shape, and what to do
   */
  public ShapeException(String message) {
    super(message);
  }
}
