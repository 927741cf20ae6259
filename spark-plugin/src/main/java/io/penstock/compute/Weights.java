package io.penstock.compute;

import java.util.function.BiFunction;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Weights of a layer as kernels see them: the arrays, and what kernels derive from them and keep
 * for as long as the weights are the same, such as a copy packed in the order in which a kernel
 * reads it. Not thread-safe: for one thread at a time.
 */
public interface Weights {
  /**
   * Returns the array of this name, in 'f' order, live.
   *
   * @throws IllegalArgumentException if there is none of that name
   */
  INDArray get(String name);

  /**
   * Returns the data that is derived from the weights under this key, such as packed weights,
   * fresh; made if there is none yet. It is there until the weights change, or something else is
   * derived of these or other weights: where memory is short no more than one thing is kept.
   *
   * @param key a record that no other kind of derived thing has
   * @param make of these weights and the key
   */
  <K, T extends Derived> T derived(K key, BiFunction<Weights, K, T> make);

  /**
   * Data that a kernel derives from weights, such as packed weights. Not thread-safe: for one
   * thread at a time.
   */
  interface Derived {
    /** Makes it anew of the weights as they are now. */
    void refresh();

    /** Frees its memory. */
    void free();
  }
}
