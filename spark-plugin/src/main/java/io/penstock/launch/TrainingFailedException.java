package io.penstock.launch;

/** A run ended with an error; the cause is the first one of the first rank that failed. */
public final class TrainingFailedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** The same with more to say. */
  TrainingFailedException with(String hint) {
    if (hint.isEmpty()) {
      return this;
    }
    TrainingFailedException more = new TrainingFailedException(getMessage() + hint, getCause());
    for (Throwable suppressed : getSuppressed()) {
      more.addSuppressed(suppressed);
    }
    return more;
  }

  TrainingFailedException(String message, Throwable cause) {
    super(message, cause);
  }
}
