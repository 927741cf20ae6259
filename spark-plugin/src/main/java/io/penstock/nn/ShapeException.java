package io.penstock.nn;

/** Layers do not fit together, or an array does not fit a layer. */
public final class ShapeException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  ShapeException(String message) {
    super(message);
  }
}
