package io.penstock.checkpoint;

import io.penstock.Amount;
import io.penstock.array.NativeArrays;
import io.penstock.nn.Parameters;
import io.penstock.nn.network.Sequential;
import java.io.IOException;
import java.util.Collections;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Weights of a network in memory, on the heap. Immutable but for the arrays. */
final class HeldWeights implements NetworkWeights {
  private static final long serialVersionUID = 1L;

  private final TreeMap<Integer, float[]> values;

  HeldWeights(Map<Integer, float[]> values) {
    this.values = new TreeMap<>(values);
    this.values.values().removeIf(own -> own.length == 0);
  }

  @Override
  public SortedSet<Integer> layers() {
    return Collections.unmodifiableSortedSet(values.navigableKeySet());
  }

  @Override
  public long size(int layer) {
    return of(layer).length;
  }

  @Override
  public float[] of(int layer) {
    return values.getOrDefault(layer, new float[0]);
  }

  @Override
  public Parameters read(Sequential network, int layer) {
    Parameters parameters = Parameters.zeros(network.parameters(layer));
    float[] given = of(layer);
    if (given.length != parameters.size()) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "Layer %d, %s, has %s, but %d are given. Take those of the same network.",
              layer,
              network.layers().get(layer),
              new Amount(parameters.size(), "weight"),
              given.length));
    }
    if (given.length > 0) {
      INDArray copy = Nd4j.createFromArray(given);
      parameters.flat().assign(copy);
      NativeArrays.release(copy); // or the layer would be there twice until it is collected
    }
    return parameters;
  }

  @Override
  public Optional<String> directory() {
    return Optional.empty();
  }

  @Override
  public void check() {}

  @Override
  public void save(String model, Sequential network, Configuration conf) throws IOException {
    LayerFiles files = LayerFiles.ofModel(model, conf);
    for (int layer = 0; layer < network.layers().size(); layer++) {
      try (Parameters own = read(network, layer)) {
        files.write(layer, own);
      }
    }
  }
}
