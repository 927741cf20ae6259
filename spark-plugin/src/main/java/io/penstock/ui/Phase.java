package io.penstock.ui;

import io.penstock.Internal;

/** Phase of a run, with its name and the style of its badge in Bootstrap's words. */
@Internal
public enum Phase {
  STARTING("starting", "badge-secondary"),
  RUNNING("running", "badge-primary"),
  SUCCEEDED("succeeded", "badge-success"),
  FAILED("failed", "badge-danger"),
  CANCELLED("cancelled", "badge-warning"),
  ABANDONED("abandoned", "badge-warning");

  /** Name of the phase for people. */
  public final String words;

  /** CSS class of its badge. */
  public final String badge;

  Phase(String words, String badge) {
    this.words = words;
    this.badge = badge;
  }

  /** Returns whether the run goes on, so that there is more to come. */
  public boolean isLive() {
    return this == STARTING || this == RUNNING;
  }
}
