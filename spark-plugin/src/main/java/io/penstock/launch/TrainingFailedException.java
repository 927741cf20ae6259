package io.penstock.launch;

/** A run ended with an error; the cause is the first one of the first rank that failed. */
public final class TrainingFailedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  TrainingFailedException(String message, Throwable cause) {
    super(message, cause);
  }
}
