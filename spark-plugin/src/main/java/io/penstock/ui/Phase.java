package io.penstock.ui;

/** How far a run is, and the look of its badge in Bootstrap's words. */
enum Phase {
  STARTING("starting", "badge-secondary"),
  RUNNING("running", "badge-primary"),
  SUCCEEDED("succeeded", "badge-success"),
  FAILED("failed", "badge-danger"),
  CANCELLED("cancelled", "badge-warning"),
  ABANDONED("abandoned", "badge-warning");

  /** What people read. */
  final String words;

  /** The class of its badge. */
  final String badge;

  Phase(String words, String badge) {
    this.words = words;
    this.badge = badge;
  }

  /** Whether there is more to come. */
  boolean isLive() {
    return this == STARTING || this == RUNNING;
  }

  Element element() {
    return Element.of("span").with("class", "badge " + badge).text(words);
  }
}
