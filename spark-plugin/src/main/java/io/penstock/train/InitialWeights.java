package io.penstock.train;

import io.penstock.Internal;
import io.penstock.nn.Parameters;
import io.penstock.nn.network.Sequential;
import java.util.Locale;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Initial weights of a run in memory: those of a small network that was trained before, on however
 * many stages. The optimizer begins anew. Thread-safe.
 */
@Internal
@FunctionalInterface
public interface InitialWeights extends InitialState {

  /**
   * Returns the weights and statistics of a layer in {@link Parameters#flat()} order, not to be
   * changed; null where they are drawn from the seed.
   */
  float[] of(int layer);

  /**
   * Returns a layer's parameters at the start of the run.
   *
   * @throws IllegalArgumentException if those given are more or fewer than the layer has
   */
  @Override
  default Parameters parameters(Sequential network, int layer, long seed) {
    float[] given = of(layer);
    if (given == null) {
      return BORN.parameters(network, layer, seed);
    }
    Parameters parameters = Parameters.zeros(network.parameters(layer));
    if (given.length != parameters.size()) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "Layer %d, %s, has %d weights, but %d initial ones are given. Begin with weights of"
                  + " the same network.",
              layer,
              network.layers().get(layer),
              parameters.size(),
              given.length));
    }
    if (given.length > 0) {
      parameters.flat().assign(Nd4j.createFromArray(given));
    }
    return parameters;
  }
}
