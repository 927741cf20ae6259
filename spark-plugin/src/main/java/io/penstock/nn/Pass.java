package io.penstock.nn;

import io.penstock.compute.Memory;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Context of one pass through a layer: training or inference, the keys of its random numbers, and
 * where its arrays come from. Immutable, but its memory is for one thread. What is random in it
 * (dropout) is keyed by these numbers and never by a stage, so that cutting the network elsewhere
 * changes nothing.
 *
 * @param training false when predicting: nothing is random then
 * @param seed the seed of the run, or of a layer within a layer: see {@link #inner}
 * @param layer the layer's index in the whole network
 * @param step the number of weight updates before this one
 * @param microBatch the index of the micro-batch within its mini-batch
 * @param places which places of the sequences are padding
 * @param labels {@code [rows, labelWidth]} for layers that {@linkplain Layer#readsLabels ask for
 *     them}; null where none is there
 * @param memory where the layer takes its arrays from
 * @param watch is shown what layers have within them
 */
public record Pass(
    boolean training,
    long seed,
    int layer,
    long step,
    int microBatch,
    Places places,
    INDArray labels,
    Memory memory,
    Watch watch) {
  /** The first part of the key of inner layers' seeds: see {@link Parameters}. */
  private static final long INNER = 3;

  /** A pass that nobody watches. */
  public Pass(
      boolean training,
      long seed,
      int layer,
      long step,
      int microBatch,
      Places places,
      Memory memory) {
    this(training, seed, layer, step, microBatch, places, null, memory, Watch.NOBODY);
  }

  /** A pass over rows without padding. */
  public Pass(boolean training, long seed, int layer, long step, int microBatch, Memory memory) {
    this(training, seed, layer, step, microBatch, Places.ALL, memory);
  }

  /** A pass whose arrays are fresh ones. */
  public Pass(boolean training, long seed, int layer, long step, int microBatch) {
    this(training, seed, layer, step, microBatch, Memory.FRESH);
  }

  /** A pass that predicts (inference). */
  public static Pass inference(int layer) {
    return inference(layer, Memory.FRESH);
  }

  /** A pass that predicts (inference), with arrays from this memory. */
  public static Pass inference(int layer, Memory memory) {
    return new Pass(false, 0, layer, 0, 0, memory);
  }

  /** Returns this pass through another layer of the network. */
  public Pass of(int other) {
    return other == layer
        ? this
        : new Pass(training, seed, other, step, microBatch, places, labels, memory, watch);
  }

  /** Returns this pass with arrays from another memory. */
  public Pass in(Memory other) {
    return new Pass(training, seed, layer, step, microBatch, places, labels, other, watch);
  }

  /** Returns this pass over rows with this padding. */
  public Pass over(Places other) {
    return new Pass(training, seed, layer, step, microBatch, other, labels, memory, watch);
  }

  /** Returns this pass over rows with these labels; null for none. */
  public Pass labelled(INDArray other) {
    return new Pass(training, seed, layer, step, microBatch, places, other, memory, watch);
  }

  /** Returns this pass with somebody who is shown what layers have within them. */
  public Pass watchedBy(Watch other) {
    return new Pass(training, seed, layer, step, microBatch, places, labels, memory, other);
  }

  /**
   * Shows numbers within the layer that its output may not tell of where they are NaN or infinite,
   * before they are handed on: see {@link Layer#hidesNotFinite}.
   *
   * @param reader what takes them next, in words
   * @param numbers {@code [rows, dims...]}; in training they may be of all rows together
   */
  public void show(Object reader, INDArray numbers) {
    watch.within(layer, reader, numbers);
  }

  /** Returns whether what is shown is looked at without a wait: see {@link Watch#looksLater}. */
  public boolean looksLater() {
    return watch.looksLater();
  }

  /**
   * Returns the pass of a layer within this one, with random numbers of its own.
   *
   * @param index the inner layer's, within this layer
   */
  public Pass inner(int index) {
    long own = RandomKey.of(INNER, seed, index).key();
    return new Pass(training, own, layer, step, microBatch, places, labels, memory, watch);
  }
}
