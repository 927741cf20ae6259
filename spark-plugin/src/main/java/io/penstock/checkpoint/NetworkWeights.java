package io.penstock.checkpoint;

import io.penstock.nn.Parameters;
import io.penstock.nn.network.Sequential;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;

/**
 * Weights of a network, statistics among them: held in memory, or a reference to the files that
 * they lie in, which are read when they are asked for. Immutable, but for the files and the arrays,
 * which are not to be changed. Thread-safe; it may travel to other processes, which then must reach
 * the files.
 */
public sealed interface NetworkWeights extends Serializable permits HeldWeights, StoredWeights {
  /**
   * Returns weights in memory.
   *
   * @param layers by layer, the parameters in {@link Parameters#flat()} order, which are not
   *     copied; layers without any may be left out
   */
  static NetworkWeights inMemory(Map<Integer, float[]> layers) {
    return new HeldWeights(layers);
  }

  /**
   * Returns weights in memory, on the heap.
   *
   * @param layers by layer, its parameters, which are copied
   */
  static NetworkWeights inMemory(List<Parameters> layers) {
    Map<Integer, float[]> values = new TreeMap<>();
    for (int layer = 0; layer < layers.size(); layer++) {
      values.put(layer, layers.get(layer).values());
    }
    return new HeldWeights(values);
  }

  /**
   * Returns a reference to weights in files. They are looked at, not read.
   *
   * @param model directory of a model, with the weights in {@code data}
   * @param conf by which this process, and others that this value travels to, reach the directory
   * @throws IOException if a file is missing, not whole or does not fit the network; the message
   *     names it
   */
  static NetworkWeights stored(String model, Sequential network, Configuration conf)
      throws IOException {
    return StoredWeights.open(model, network, conf);
  }

  /** Returns the layers that have weights. */
  SortedSet<Integer> layers();

  /** Returns how many numbers a layer has; 0 for one without weights. */
  long size(int layer);

  /**
   * Returns a layer's weights in {@link Parameters#flat()} order, not to be changed; an empty array
   * for a layer without. Of weights in files it reads them.
   *
   * @throws UncheckedIOException naming the file, if one is gone, was replaced or is damaged
   */
  float[] of(int layer);

  /**
   * Returns a layer's weights as arrays of its network, which the caller owns. Of weights in files
   * it reads them.
   *
   * @throws IllegalArgumentException if the layer has more or fewer
   * @throws UncheckedIOException naming the file, if one is gone, was replaced or is damaged
   */
  Parameters read(Sequential network, int layer);

  /**
   * Returns the weights of all layers that have some, by layer, on the heap: for networks that are
   * small.
   *
   * @throws UncheckedIOException as {@link #of} does
   */
  default Map<Integer, float[]> toMap() {
    Map<Integer, float[]> all = new TreeMap<>();
    layers().forEach(layer -> all.put(layer, of(layer)));
    return all;
  }

  /** Returns the directory of the model whose files these are; empty if they are in memory. */
  Optional<String> directory();

  /**
   * Checks that the files are still those that they were, without reading them.
   *
   * @throws UncheckedIOException naming the first that is gone or was replaced
   */
  void check();

  /**
   * Writes the weights into a model's directory; those in files are copied by streaming.
   *
   * @param model directory of the model; the weights go to {@code data} in it
   * @throws IOException if they cannot be read or written
   */
  void save(String model, Sequential network, Configuration conf) throws IOException;
}
