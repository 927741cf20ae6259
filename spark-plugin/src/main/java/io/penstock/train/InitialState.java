package io.penstock.train;

import io.penstock.Internal;
import io.penstock.checkpoint.LayerState;
import io.penstock.checkpoint.TrainingState;
import io.penstock.nn.Parameters;
import io.penstock.nn.network.Sequential;

/**
 * State that a run begins with: that of a checkpoint, the weights of a network that was trained
 * before, or nothing, and all is drawn from the seed. Each rank asks for its own layers only, on
 * however many stages they lie. Thread-safe.
 */
@Internal
public interface InitialState {
  /** No given state: weights are drawn from the seed, the optimizer begins anew. */
  InitialState BORN = new InitialState() {};

  /** Returns where the run begins. */
  default TrainingState run() {
    return TrainingState.START;
  }

  /** Returns whether there are weights of the best epoch for a layer. */
  default boolean hasBest(int layer) {
    return false;
  }

  /**
   * Returns a layer's parameters at the start of the run, which the caller owns.
   *
   * @throws IllegalArgumentException if those given do not fit the layer
   */
  default Parameters parameters(Sequential network, int layer, long seed) {
    return Parameters.initial(network.parameters(layer), seed, layer);
  }

  /**
   * Restores what a layer has besides its parameters: the optimizer's state, and the best epoch's
   * weights where {@link #hasBest} says that there are some.
   *
   * @param into whose arrays are written to
   */
  default void restore(int layer, LayerState into) {}
}
