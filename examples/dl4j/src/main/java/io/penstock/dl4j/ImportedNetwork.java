package io.penstock.dl4j;

import io.penstock.nn.Parameters;
import io.penstock.nn.network.Sequential;
import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;

/**
 * A network that was read, still without weights.
 *
 * @param network Penstock's description
 * @param layers where each of its layers came from
 */
record ImportedNetwork(Sequential network, List<ImportedLayer> layers) {
  /** Copies of layers. */
  ImportedNetwork {
    layers = List.copyOf(layers);
  }

  /** Copies the weights. */
  TrainedNetwork weightsOf(MultiLayerNetwork from) {
    List<Parameters> parameters = new ArrayList<>();
    for (int i = 0; i < layers.size(); i++) {
      Parameters own = Parameters.zeros(network.parameters(i));
      if (own.size() > 0) {
        ImportedLayer layer = layers.get(i);
        layer.copy().copy(from.getLayer(layer.source()).paramTable(), own);
        own.changed();
      }
      parameters.add(own);
    }
    return new TrainedNetwork(network, parameters);
  }
}
