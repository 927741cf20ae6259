package io.penstock.link;

/**
 * A link could not be made, or it failed and nothing more will arrive over it. Thrown by a wait,
 * its {@link #getCause cause} is the first thing that went wrong on the link; later ones are mostly
 * its echo and are dropped.
 */
public class LinkException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** What went wrong, and what to do about it. */
  public LinkException(String message) {
    super(message);
  }

  /**
   * The same, of which the stack may be left out: where it says nothing that its cause does not.
   */
  LinkException(String message, Throwable cause, boolean stack) {
    super(message, cause, true, stack);
  }

  /** What went wrong, what to do about it, and what led to it. */
  public LinkException(String message, Throwable cause) {
    super(message, cause);
  }
}
