package io.penstock.train;

import io.penstock.Internal;
import io.penstock.checkpoint.NetworkWeights;
import io.penstock.nn.Parameters;
import io.penstock.nn.network.Sequential;

/**
 * Initial weights of a run: those of a network that was trained before, on however many stages. The
 * optimizer begins anew. Thread-safe.
 *
 * @param weights of the network; layers that have none there are drawn from the seed
 */
@Internal
public record InitialWeights(NetworkWeights weights) implements InitialState {
  /**
   * {@inheritDoc}
   *
   * @throws java.io.UncheckedIOException naming the file, if one cannot be read
   */
  @Override
  public Parameters parameters(Sequential network, int layer, long seed) {
    return weights.size(layer) == 0
        ? BORN.parameters(network, layer, seed)
        : weights.read(network, layer);
  }
}
