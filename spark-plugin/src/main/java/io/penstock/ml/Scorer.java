package io.penstock.ml;

import io.penstock.checkpoint.NetworkWeights;
import io.penstock.conf.Settings;
import io.penstock.launch.SentWeights;
import io.penstock.launch.cluster.NativeMemory;
import io.penstock.launch.cluster.NativeRuntime;
import io.penstock.nn.Parameters;
import io.penstock.nn.network.Sequential;
import io.penstock.train.Outputs;
import java.io.Serializable;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.apache.spark.SerializableWritable;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkContext;
import org.apache.spark.SparkEnv;
import org.apache.spark.broadcast.Broadcast;

/**
 * A trained network that scores rows: its description, and where its weights are. Arrays are made
 * where they are used, once per process, and shared by all that score with it there: see {@link
 * NetworkCopies}. Thread-safe.
 */
final class Scorer implements Serializable {
  private static final long serialVersionUID = 1L;

  private static final NetworkWeights NONE = NetworkWeights.inMemory(Map.of());

  /** Tells the network with these weights from every other one, in every process. */
  private final String key;

  private final String networkJson;
  private final NetworkWeights weights;

  private transient volatile Sequential network;
  private transient List<Parameters> parameters;

  private transient Broadcast<SerializableWritable<SentWeights>> sent;
  private transient String application;

  Scorer(String networkJson, NetworkWeights weights) {
    this(UUID.randomUUID().toString(), networkJson, weights);
  }

  private Scorer(String key, String networkJson, NetworkWeights weights) {
    this.key = key;
    this.networkJson = networkJson;
    this.weights = weights;
  }

  /** Returns the network alone, for what needs no weights. */
  Scorer withoutWeights() {
    return new Scorer(key, networkJson, NONE);
  }

  /** Returns this scorer as it travels to tasks: with a reference to its weights or without any. */
  Scorer travelling() {
    return weights.directory().isPresent() ? this : withoutWeights();
  }

  /**
   * Returns the weights for the tasks of an application where they are in memory: one broadcast for
   * all transforms of the model. Spark ends it when nothing on the driver refers to it any more, so
   * that what runs tasks holds it itself, not only in bytes.
   *
   * @return null for weights that are in files, which tasks read
   */
  synchronized Broadcast<SerializableWritable<SentWeights>> sent(SparkContext context) {
    if (weights.directory().isPresent()) {
      return null;
    }
    if (sent == null || !context.applicationId().equals(application)) {
      sent = SentWeights.send(context, weights);
      application = context.applicationId();
    }
    return sent;
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

  /** The weights of every layer, made at the first call and there as long as this scorer is. */
  synchronized List<Parameters> parameters() {
    if (parameters == null) {
      NativeRuntime.chooseKernels();
      parameters = NetworkCopy.of(network(), weights).parameters();
    }
    return parameters;
  }

  /** Borrows this process's copy of the network, which is loaded if it is not here yet. */
  NetworkCopies.Borrowed borrow() {
    return borrow(() -> NetworkCopy.of(network(), weights));
  }

  /**
   * Borrows this process's copy of the network, in a task.
   *
   * @param broadcast of the weights; null for those that are in files
   */
  NetworkCopies.Borrowed borrow(Broadcast<SerializableWritable<SentWeights>> broadcast) {
    return broadcast == null ? borrow() : borrow(() -> load(broadcast));
  }

  private NetworkCopy load(Broadcast<SerializableWritable<SentWeights>> broadcast) {
    NetworkCopy copy = NetworkCopy.of(network(), broadcast.value().value().weights());
    SentWeights.drop(broadcast);
    return copy;
  }

  private NetworkCopies.Borrowed borrow(Supplier<NetworkCopy> load) {
    NativeRuntime.chooseKernels();
    SparkEnv env = SparkEnv.get();
    SparkConf conf = env == null ? new SparkConf(false) : env.conf();
    return NetworkCopies.HERE.borrow(
        key,
        bytes(),
        Settings.SCORING_KEEP.in(conf),
        env == null ? 0 : NativeMemory.available(conf) / 2,
        load);
  }

  /** Bytes of the weights. */
  private long bytes() {
    Sequential described = network();
    long count = 0;
    for (int layer = 0; layer < described.layers().size(); layer++) {
      count += described.owner(layer) == layer ? described.parameterCount(layer) : 0;
    }
    return Float.BYTES * count;
  }

  /**
   * Scores a few rows outside of a task: see {@link NetworkCopy#outputs}.
   *
   * @param features row-major
   * @param rows how many, one at least
   * @param predicted whether to say it as the loss does
   */
  Outputs outputs(float[] features, int rows, boolean predicted) {
    try (NetworkCopies.Borrowed borrowed = borrow()) {
      return borrowed.copy().outputs(features, rows, predicted);
    }
  }
}
