package io.penstock.nn;

import io.penstock.compute.Memory;

/**
 * Which pass a layer runs in. What is random in it (dropout) is keyed by these numbers and never by
 * a stage, so that cutting the network elsewhere changes nothing.
 *
 * @param training false when predicting: nothing is random then
 * @param seed the seed of the run, or of a layer within a layer: see {@link #inner}
 * @param layer the layer's index in the whole network
 * @param step the number of weight updates before this one
 * @param microBatch the index of the micro-batch within its mini-batch
 * @param places which places of the sequences are padding
 * @param memory where the layer takes its arrays from
 */
public record Pass(
    boolean training,
    long seed,
    int layer,
    long step,
    int microBatch,
    Places places,
    Memory memory) {
  /** The first part of the key of inner layers' seeds: see {@link Parameters}. */
  private static final long INNER = 3;

  /** A pass over rows without padding. */
  public Pass(boolean training, long seed, int layer, long step, int microBatch, Memory memory) {
    this(training, seed, layer, step, microBatch, Places.ALL, memory);
  }

  /** A pass whose arrays are fresh ones. */
  public Pass(boolean training, long seed, int layer, long step, int microBatch) {
    this(training, seed, layer, step, microBatch, Memory.FRESH);
  }

  /** A pass that predicts. */
  public static Pass inference(int layer) {
    return inference(layer, Memory.FRESH);
  }

  /** A pass that predicts, with arrays from there. */
  public static Pass inference(int layer, Memory memory) {
    return new Pass(false, 0, layer, 0, 0, memory);
  }

  /** The same of a layer of the network. */
  public Pass of(int other) {
    return other == layer
        ? this
        : new Pass(training, seed, other, step, microBatch, places, memory);
  }

  /** The same over rows with this padding. */
  public Pass over(Places other) {
    return new Pass(training, seed, layer, step, microBatch, other, memory);
  }

  /**
   * The pass of a layer within this one, with random numbers of its own.
   *
   * @param index the inner layer's, within this layer
   */
  public Pass inner(int index) {
    long own = RandomKey.of(INNER, seed, index).key();
    return new Pass(training, own, layer, step, microBatch, places, memory);
  }
}
