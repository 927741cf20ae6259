package io.penstock.examples;

import io.penstock.balance.CutConstraints;
import io.penstock.ml.PipelineParallelClassifier;

/** What can be found out about a training before a cluster is started for it. */
final class BeforeSpark {
  private BeforeSpark() {}

  /**
   * Looks whether stages, micro-batches, schedule and network go together.
   *
   * @throws IllegalArgumentException where they do not; with {@code auto}, only the fit knows
   */
  static void check(PipelineParallelClassifier classifier) {
    if (!classifier.isAutoSchedule()) {
      classifier.resolveCut(
          classifier.resolveNetwork(), classifier.resolveSchedule(), CutConstraints.UNLIMITED);
    }
  }
}
