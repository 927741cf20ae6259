package io.penstock.ui.tab;

import io.penstock.ui.Phase;

/** The phase of a run as a badge of Bootstrap's, which Spark's pages use. Stateless. */
final class PhaseBadge {
  private PhaseBadge() {}

  static Element of(Phase phase) {
    return Element.of("span").with("class", "badge " + phase.badge).text(phase.words);
  }
}
