package io.penstock.train;

import io.penstock.Internal;
import io.penstock.checkpoint.LayerState;
import io.penstock.checkpoint.StateStore;
import io.penstock.checkpoint.TrainingState;
import io.penstock.checkpoint.UnreadableStateException;
import io.penstock.nn.Parameters;
import io.penstock.nn.network.Sequential;
import java.io.IOException;

/**
 * State that a run begins with, from a checkpoint: the run goes on after the step at which that was
 * taken, bit for bit. Thread-safe.
 *
 * @param run the run's state
 * @param layers the layers' state
 */
@Internal
public record StoredState(TrainingState run, StateStore.Reader layers) implements InitialState {
  @Override
  public boolean hasBest(int layer) {
    return layers.hasBest(layer);
  }

  /**
   * {@inheritDoc}
   *
   * @throws UnreadableStateException naming the file, if one is missing or damaged
   */
  @Override
  public Parameters parameters(Sequential network, int layer, long seed) {
    Parameters parameters = Parameters.zeros(network.parameters(layer));
    try {
      layers.weights(layer, parameters);
      return parameters;
    } catch (IOException unreadable) {
      throw new UnreadableStateException(unreadable);
    }
  }

  /**
   * {@inheritDoc}
   *
   * @throws UnreadableStateException naming the file, if one is missing or damaged
   */
  @Override
  public void restore(int layer, LayerState into) {
    try {
      layers.besides(layer, into);
    } catch (IOException unreadable) {
      throw new UnreadableStateException(unreadable);
    }
  }
}
