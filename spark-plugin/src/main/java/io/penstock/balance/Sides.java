package io.penstock.balance;

import io.penstock.schedule.Schedule;
import io.penstock.schedule.generate.Schedules;
import java.util.Arrays;
import java.util.List;

/**
 * Sides of a comparison: a plan on its ranks, and its mini-batches on one rank that holds all
 * layers. Immutable.
 *
 * @param profile costs of layers and link
 * @param schedule the plan's
 * @param cut the plan's
 * @param batchSize rows of a mini-batch
 * @param microBatchesOnOne of a mini-batch on the one rank
 */
record Sides(Profile profile, Schedule schedule, Cut cut, int batchSize, int microBatchesOnOne) {
  /** Returns the seconds of a step on the plan's ranks. */
  double several() {
    LayerCosts layers = profile.costs(batchSize, schedule.microBatches());
    return Prediction.of(profile, layers, schedule, cut).seconds();
  }

  /** Returns the seconds of a step on one rank. */
  double one() {
    return onOne().seconds();
  }

  /** Returns whether one rank can hold all layers. */
  boolean fitsOne() {
    return onOne().bytes() <= profile.memoryLimit();
  }

  private Prediction onOne() {
    Schedule plain = Schedules.generate("1f1b", 1, microBatchesOnOne);
    LayerCosts layers = profile.costs(batchSize, microBatchesOnOne);
    return Prediction.of(profile, layers, plain, new Cut(List.of(0), cut.layers()));
  }

  /**
   * Returns whether several ranks are quicker by what makes them worth it: {@link Chooser#WORTH}.
   */
  boolean pay() {
    return several() < (1 - Chooser.WORTH) * one();
  }

  /**
   * Returns how many times as quick as one rank the plan's could be at most: by what all ranks
   * compute in a step, against what the one computes that computes most, and by the schedule over
   * links on which everything is there at once.
   */
  double bestFactor() {
    LayerCosts layers = profile.costs(batchSize, schedule.microBatches());
    double played = Prediction.of(profile.withFreeLinks(), layers, schedule, cut).seconds();
    return played > 0 ? Math.min(byWork(), one() / played) : byWork();
  }

  private double byWork() {
    LayerCosts layers = profile.costs(batchSize, schedule.microBatches());
    double[] work = new double[schedule.ranks().size()];
    double all = 0;
    for (int stage = 0; stage < cut.stages(); stage++) {
      int rank = schedule.rankOf(stage);
      for (int layer = cut.first(stage); layer < cut.end(stage); layer++) {
        double time =
            schedule.microBatches() * layers.on(rank).get(layer).time()
                + profile.updateOn(rank).get(layer);
        work[rank] += time;
        all += time;
      }
    }
    double most = Arrays.stream(work).max().orElse(0);
    return most == 0 ? work.length : all / most;
  }

  /** Returns this comparison with another number of rows in every micro-batch of the plan. */
  Sides withRows(int rows) {
    return new Sides(profile, schedule, cut, rows * schedule.microBatches(), microBatchesOnOne);
  }

  /** Returns this comparison with a multiple of the layers' work. */
  Sides withWork(double times) {
    return new Sides(profile.withWork(times), schedule, cut, batchSize, microBatchesOnOne);
  }
}
