package io.penstock.compute;

import java.util.function.BiFunction;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A layer's weights as kernels see them: the arrays, and what kernels make of them and keep for as
 * long as the weights are the same, such as a copy in the order in which a kernel reads it.
 */
public interface Weights {
  /**
   * The array of this name, in 'f' order, live.
   *
   * @throws IllegalArgumentException if there is none of that name
   */
  INDArray get(String name);

  /**
   * What is derived from the weights under this key, fresh; made if there is none yet.
   *
   * @param key a record that no other kind of derived thing has
   * @param make of these weights and the key
   */
  <K, T extends Derived> T derived(K key, BiFunction<Weights, K, T> make);

  /** What a kernel makes of weights. */
  interface Derived {
    /** Makes it anew of the weights as they are now. */
    void refresh();

    /** Frees its memory. */
    void free();
  }
}
