package io.penstock.checkpoint;

import io.penstock.Internal;
import io.penstock.array.NativeArrays;
import io.penstock.nn.Parameters;
import java.util.Optional;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * State of one layer between two steps: weights with running statistics, optimizer state, and the
 * weights of the best epoch. The arrays are live: whoever holds a state may read them until the
 * next step begins, and only the rank's thread writes to them.
 *
 * @param weights and statistics of the layer
 * @param optimizer the optimizer's state of the layer, {@code [stateSize]}; ND4J's empty array for
 *     one without
 * @param best weights and statistics of the best epoch by the validation rows, in {@link
 *     Parameters#flat()} order; empty where there is none yet
 */
@Internal
public record LayerState(Parameters weights, INDArray optimizer, Optional<INDArray> best)
    implements AutoCloseable {
  /** Returns a copy in memory of its own, which is the caller's to {@link #close}. */
  public LayerState copy() {
    Parameters copy = Parameters.zeros(weights.specs(), weights.flat().dataType());
    if (copy.size() > 0) {
      NativeArrays.copy(weights.flat(), copy.flat());
    }
    return new LayerState(copy, copy(optimizer), best.map(LayerState::copy));
  }

  /**
   * Copies the numbers to another state of the same layer, one with the same arrays.
   *
   * @param other whose arrays are written to
   */
  public void copyTo(LayerState other) {
    if (weights.size() > 0) {
      NativeArrays.copy(weights.flat(), other.weights.flat());
    }
    if (!optimizer.isEmpty()) {
      NativeArrays.copy(optimizer, other.optimizer);
    }
    best.ifPresent(own -> NativeArrays.copy(own, other.best.orElseThrow()));
  }

  private static INDArray copy(INDArray array) {
    return array.isEmpty()
        ? array
        : NativeArrays.copy(
            array, NativeArrays.array(array.dataType(), array.ordering(), array.shape()));
  }

  /** Frees the arrays at once; for whoever has made the copy. */
  @Override
  public void close() {
    weights.close();
    NativeArrays.release(optimizer);
    best.ifPresent(NativeArrays::release);
  }
}
