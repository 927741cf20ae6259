package io.penstock.device;

/** A GPU was assigned, or asked for, that cannot be used here. The message says what to do. */
public final class UnusableDeviceException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** With the reason. */
  public UnusableDeviceException(String message) {
    super(message);
  }
}
