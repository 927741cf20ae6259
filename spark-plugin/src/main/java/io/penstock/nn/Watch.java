package io.penstock.nn;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Observer of numbers within a layer that, NaN or infinite, its output may not tell of: see {@link
 * Pass#show}. Called on the thread of the pass.
 */
@FunctionalInterface
public interface Watch {
  /** The observer that does nothing. */
  Watch NOBODY = (layer, reader, numbers) -> {};

  /**
   * Takes a look at such numbers; what it throws ends the pass.
   *
   * @param layer the layer's index in the whole network
   * @param reader what takes them next, in words: a layer within this one, or a part of it
   * @param numbers {@code [rows, dims...]}; not to be changed, nor kept beyond the call
   */
  void within(int layer, Object reader, INDArray numbers);

  /**
   * Returns whether nobody waits for what a look finds, as on a GPU: then a layer that would look
   * itself whether there is something to show, shows it in any case, in any order of its rows.
   */
  default boolean looksLater() {
    return false;
  }
}
