package io.penstock.nn;

/**
 * Thrown where a layer, a loss or an array does not fit the shape it was given; the message says
 * what would. Immutable.
 */
public final class ShapeException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  /**
   * An exception that says what to do.
   *
   * @param message what was wrong with the shape, and what to do
   */
  public ShapeException(String message) {
    super(message);
  }
}
