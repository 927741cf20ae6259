package io.penstock.nn.update;

import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.schedule.ISchedule;

/**
 * Learning-rate schedule: an optimizer's own rate times the options' factor, in the form that ND4J
 * asks. Immutable.
 */
record ScaledRate(IUpdater updater, UpdateOptions options) implements ISchedule {
  /** Returns a copy of the updater with that rate. */
  static IUpdater apply(IUpdater updater, UpdateOptions options) {
    IUpdater copy = Updater.copy(updater);
    if (options.changeRate()) {
      copy.setLrAndSchedule(Double.NaN, new ScaledRate(Updater.copy(updater), options));
    }
    return copy;
  }

  @Override
  public double valueAt(int step, int epoch) {
    return updater.getLearningRate(step, epoch) * options.rateFactor(step);
  }

  @Override
  public ISchedule clone() {
    return this;
  }
}
