package io.penstock.compute;

import io.penstock.Internal;

/**
 * Failure of the device that a stage computes on, in the words of its driver; its {@link #kind}
 * says what is left of the device to those who do not know that driver. Immutable, so that any
 * thread may read it.
 */
@Internal
public class DeviceException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Kind of a failure, by what it leaves of the device. */
  public enum Kind {
    /** Nothing in this process can use the device from now on; another process may. */
    LOST,
    /** The device is well, but has not the memory that was asked for. */
    FULL,
    /** Something else is wrong, as the message says. */
    OTHER
  }

  private final Kind kind;

  /**
   * Failure of a device.
   *
   * @param message what failed, why, and what to do
   * @param cause what led to it; null for nothing else
   */
  public DeviceException(Kind kind, String message, Throwable cause) {
    super(message, cause);
    this.kind = kind;
  }

  /** Returns what is left of the device. */
  public Kind kind() {
    return kind;
  }
}
