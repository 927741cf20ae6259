package io.penstock.launch.cluster;

/**
 * The cluster or the settings cannot carry the run; no job was started. The message has the
 * arithmetic and the settings to change.
 */
public final class PreflightException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  PreflightException(String message) {
    super(message);
  }
}
