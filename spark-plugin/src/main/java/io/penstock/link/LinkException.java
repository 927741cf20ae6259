package io.penstock.link;

/**
 * Thrown when a link could not be made, or failed so that nothing more will arrive over it. Thrown
 * by a wait, its {@link #getCause cause} is the first thing that went wrong on the link; later ones
 * are mostly its echo and are dropped. Immutable.
 */
public class LinkException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** An exception that says what went wrong, and what to do about it. */
  public LinkException(String message) {
    super(message);
  }

  /** An exception whose stack may be left out, where it says nothing that its cause does not. */
  LinkException(String message, Throwable cause, boolean stack) {
    super(message, cause, true, stack);
  }

  /** An exception that says what went wrong and what to do about it, with what led to it. */
  public LinkException(String message, Throwable cause) {
    super(message, cause);
  }
}
