package io.penstock.ui;

import io.penstock.Internal;

/** How far a run is, and the look of its badge in Bootstrap's words. */
@Internal
public enum Phase {
  STARTING("starting", "badge-secondary"),
  RUNNING("running", "badge-primary"),
  SUCCEEDED("succeeded", "badge-success"),
  FAILED("failed", "badge-danger"),
  CANCELLED("cancelled", "badge-warning"),
  ABANDONED("abandoned", "badge-warning");

  /** What people read. */
  public final String words;

  /** The class of its badge. */
  public final String badge;

  Phase(String words, String badge) {
    this.words = words;
    this.badge = badge;
  }

  /** Whether there is more to come. */
  public boolean isLive() {
    return this == STARTING || this == RUNNING;
  }
}
