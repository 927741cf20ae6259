package io.penstock.device;

/**
 * Thrown for a GPU that was assigned, or asked for, and cannot be used here. The message says what
 * to do. Immutable.
 */
public final class UnusableDeviceException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** An exception with the reason, and what to do about it. */
  public UnusableDeviceException(String message) {
    super(message);
  }
}
