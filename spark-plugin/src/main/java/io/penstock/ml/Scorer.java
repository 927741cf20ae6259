package io.penstock.ml;

import io.penstock.checkpoint.NetworkWeights;
import io.penstock.compute.MicroBatchArena;
import io.penstock.compute.Workspace;
import io.penstock.launch.cluster.NativeRuntime;
import io.penstock.nn.Parameters;
import io.penstock.nn.network.Sequential;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A trained network that scores rows. Travels to the executors in one broadcast; arrays are made,
 * and weights that are kept in files are read, where they are used, once per process. Thread-safe.
 */
final class Scorer implements Serializable {
  private static final long serialVersionUID = 1L;

  private final String networkJson;
  private final NetworkWeights weights;
  private transient volatile Sequential network;
  private transient volatile Loaded loaded;

  Scorer(String networkJson, NetworkWeights weights) {
    this.networkJson = networkJson;
    this.weights = weights;
  }

  /** Arrays and kernels for so many rows of one length, for one thread at a time. */
  private record Ready(Workspace pool, int rows, int width) {}

  /**
   * @param ready what no thread uses now
   */
  private record Loaded(Sequential network, List<Parameters> parameters, Queue<Ready> ready) {}

  private Loaded loaded() {
    Loaded here = loaded;
    if (here == null) {
      synchronized (this) {
        if (loaded == null) {
          loaded = load();
        }
        here = loaded;
      }
    }
    return here;
  }

  private Loaded load() {
    NativeRuntime.chooseKernels();
    Sequential described = network();
    List<Parameters> parameters = new ArrayList<>();
    for (int layer = 0; layer < described.layers().size(); layer++) {
      parameters.add(weights.read(described, layer));
    }
    return new Loaded(described, parameters, new ConcurrentLinkedQueue<>());
  }

  /** Returns the network, for which no weights are read. */
  Sequential network() {
    Sequential here = network;
    if (here == null) {
      here = Sequential.fromWire(networkJson);
      network = here;
    }
    return here;
  }

  /** The number of token ids that the network has vectors of, if it takes such. */
  Optional<Long> vocabulary() {
    return network().vocabulary();
  }

  /** Why scores may not be finite, and what to do. */
  String overflow() {
    return vocabulary().isPresent()
        ? "the network's weights are too large. Train it with a smaller stepSize or with clipNorm,"
            + " or leave such rows out of transform (handleInvalid)."
        : "the features are too large for the network's weights. Scale them (StandardScaler) as"
            + " those that it learnt from, or leave such rows out of transform (handleInvalid).";
  }

  NetworkWeights weights() {
    return weights;
  }

  List<Parameters> parameters() {
    return loaded().parameters();
  }

  /**
   * Scores rows.
   *
   * @param features row-major; all rows of the network's input size or, of sequences, of one
   *     shorter length
   * @param rows how many, one at least
   * @param predicted whether to say it as the loss does: see {@link io.penstock.nn.Loss#prediction}
   */
  Outputs outputs(float[] features, int rows, boolean predicted) {
    int width = features.length / rows;
    Loaded here = loaded();
    INDArray input = Nd4j.create(features, new long[] {rows, width}, 'c');
    Ready ready = here.ready().poll();
    if (ready == null || ready.rows() != rows || ready.width() != width) {
      // No array of another number of rows, or of another length, fits.
      if (ready != null) {
        ready.pool().clear();
      }
      ready = new Ready(new Workspace(), rows, width);
    }
    try (MicroBatchArena memory = ready.pool().arena()) {
      OverflowedRows overflown = new OverflowedRows(here.network(), memory, rows);
      INDArray raw = here.network().output(here.parameters(), input, memory, overflown);
      INDArray output =
          predicted ? here.network().loss().prediction(raw, memory.compute(raw)) : raw;
      int last = Math.toIntExact(output.size(-1));
      return new Outputs(
          numbers(output), Math.toIntExact(output.length() / rows / last), last, overflown.in(raw));
    } finally {
      here.ready().add(ready);
    }
  }

  private static float[] numbers(INDArray array) {
    return array.reshape('c', new long[] {array.length()}).toFloatVector();
  }
}
