package io.penstock.launch.cluster;

/**
 * Refusal of a run that the cluster or the settings cannot carry; no job was started. Immutable.
 * The message has the arithmetic and the settings to change.
 */
public final class PreflightException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  PreflightException(String message) {
    super(message);
  }
}
