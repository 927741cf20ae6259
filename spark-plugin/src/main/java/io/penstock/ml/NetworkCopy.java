package io.penstock.ml;

import io.penstock.checkpoint.NetworkWeights;
import io.penstock.compute.MicroBatchArena;
import io.penstock.compute.Workspace;
import io.penstock.nn.Parameters;
import io.penstock.nn.network.Sequential;
import io.penstock.train.Outputs;
import io.penstock.train.OverflowedRows;
import io.penstock.train.StageScorer;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Copy of a network in this process's native memory, which any number of threads read at the same
 * time, each with activations of its own. It owns its weights and all activations: {@link #close}
 * frees both, once no thread scores with it any more.
 */
final class NetworkCopy implements AutoCloseable {
  /** Arrays and kernels for so many rows of one length, for one thread at a time. */
  private record Ready(Workspace pool, int rows, int width) {}

  private final Sequential network;
  private final List<Parameters> parameters;

  /** What no thread uses now. */
  private final Queue<Ready> ready = new ConcurrentLinkedQueue<>();

  private NetworkCopy(Sequential network, List<Parameters> parameters) {
    this.network = network;
    this.parameters = parameters;
  }

  /**
   * Makes a copy, one layer after another: of weights in files, nothing goes over the heap.
   *
   * @throws java.io.UncheckedIOException naming the file, if one is gone or was replaced
   */
  static NetworkCopy of(Sequential network, NetworkWeights weights) {
    List<Parameters> parameters = new ArrayList<>();
    NetworkCopy copy = new NetworkCopy(network, parameters);
    try {
      for (int layer = 0; layer < network.layers().size(); layer++) {
        parameters.add(weights.read(network, layer));
      }
      return copy;
    } catch (Throwable unread) {
      copy.close();
      throw unread;
    }
  }

  /** Returns the weights of every layer, live. */
  List<Parameters> parameters() {
    return parameters;
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
    Ready own = ready.poll();
    if (own == null || own.rows() != rows || own.width() != width) {
      // No array of another number of rows, or of another length, fits.
      if (own != null) {
        own.pool().clear();
      }
      own = new Ready(new Workspace(), rows, width);
    }
    try (MicroBatchArena memory = own.pool().arena()) {
      INDArray input = StageScorer.input(memory, features, rows, width);
      OverflowedRows overflown = new OverflowedRows(network, memory, rows);
      INDArray raw = network.output(parameters, input, memory, overflown);
      return Outputs.of(network, raw, predicted, memory, overflown);
    } finally {
      ready.add(own);
    }
  }

  @Override
  public void close() {
    for (Ready own = ready.poll(); own != null; own = ready.poll()) {
      own.pool().clear();
    }
    parameters.forEach(Parameters::close);
  }
}
