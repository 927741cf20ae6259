package io.penstock.launch.job;

import io.penstock.train.TrainingPlan;

/**
 * Plan of one run for any number of executors: same network, data, micro-batches and seed, so that
 * the weights do not depend on how many there are. Called by the thread that waits for the run.
 */
@FunctionalInterface
public interface ElasticPlan {
  /**
   * Returns the plan for a number of executors.
   *
   * @param executors at least 1, and fewer than the run was begun with
   * @throws IllegalArgumentException if there is none, or none that fits in memory; says why
   */
  TrainingPlan on(int executors);
}
