package io.penstock.nn;

/**
 * The circumstances of one forward pass: what keys its random numbers. The stage is not among them,
 * so that a network draws the same numbers however it is cut.
 *
 * @param training whether dropout and the like are at work
 * @param seed the run's seed
 * @param layer the layer's index in the whole network
 * @param step mini-batches done before this one, over all epochs
 * @param microBatch index in the mini-batch
 */
public record Pass(boolean training, long seed, int layer, long step, int microBatch) {

  /** The pass of an evaluation: nothing random. */
  public static Pass evaluation(int layer) {
    return new Pass(false, 0, layer, 0, 0);
  }
}
