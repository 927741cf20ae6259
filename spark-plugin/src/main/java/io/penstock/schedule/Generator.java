package io.penstock.schedule;

/** A pure function from the size of a pipeline to its schedule. Stateless. */
interface Generator {
  /** The name people choose it by. */
  String id();

  /**
   * Makes the actions of every rank: the compute actions alone, or with their movement.
   *
   * @param ranks at least 1
   * @param microBatches at least 1; fewer than ranks is legal, if wasteful
   */
  Schedule generate(int ranks, int microBatches);
}
