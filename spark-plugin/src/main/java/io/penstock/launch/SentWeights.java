package io.penstock.launch;

import io.penstock.Internal;
import io.penstock.checkpoint.NetworkWeights;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.io.Writable;
import org.apache.spark.SerializableWritable;
import org.apache.spark.SparkContext;
import org.apache.spark.SparkEnv;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;

/**
 * Weights that are in the driver's memory on their way to the executors, where they become native
 * arrays and go. It writes the driver's own arrays and makes no bytes of all of them besides. One
 * of Hadoop's writables, for those go through Kryo in a class of Spark's that is registered always.
 * Immutable once read.
 */
@Internal
public final class SentWeights implements Writable {
  private static final String DRIVER = "driver";
  private static final int CHUNK = 1 << 14;

  private NetworkWeights weights;

  /** Makes an empty one, which {@link #readFields} fills. */
  private SentWeights() {}

  private SentWeights(NetworkWeights weights) {
    this.weights = weights;
  }

  /** Broadcasts weights in memory. */
  public static Broadcast<SerializableWritable<SentWeights>> send(
      SparkContext context, NetworkWeights weights) {
    return new JavaSparkContext(context)
        .broadcast(new SerializableWritable<>(new SentWeights(weights)));
  }

  /** Returns the weights, on the heap. */
  public NetworkWeights weights() {
    return weights;
  }

  @Override
  public void write(DataOutput out) throws IOException {
    out.writeInt(weights.layers().size());
    for (int layer : weights.layers()) {
      float[] own = weights.of(layer);
      out.writeInt(layer);
      out.writeInt(own.length);
      byte[] chunk = new byte[Float.BYTES * Math.min(CHUNK, own.length)];
      FloatBuffer floats = ByteBuffer.wrap(chunk).asFloatBuffer();
      for (int at = 0; at < own.length; at += CHUNK) {
        int count = Math.min(CHUNK, own.length - at);
        floats.clear().put(own, at, count);
        out.write(chunk, 0, Float.BYTES * count);
      }
    }
  }

  @Override
  public void readFields(DataInput in) throws IOException {
    Map<Integer, float[]> layers = new TreeMap<>();
    for (int left = in.readInt(); left > 0; left--) {
      int layer = in.readInt();
      float[] own = new float[in.readInt()];
      byte[] chunk = new byte[Float.BYTES * Math.min(CHUNK, own.length)];
      FloatBuffer floats = ByteBuffer.wrap(chunk).asFloatBuffer();
      for (int at = 0; at < own.length; at += CHUNK) {
        int count = Math.min(CHUNK, own.length - at);
        in.readFully(chunk, 0, Float.BYTES * count);
        floats.clear().get(own, at, count);
      }
      layers.put(layer, own);
    }
    weights = NetworkWeights.inMemory(layers);
  }

  /**
   * Drops what this executor's block manager keeps of a broadcast, values and pieces, once they are
   * no longer needed: whoever asks again gets them from the driver. The driver keeps its own.
   *
   * <p>Not on the caller's thread: the blocks are removed when no task reads them, and a task that
   * found them here reads them, for Spark, until it ends.
   */
  public static void drop(Broadcast<SerializableWritable<SentWeights>> sent) {
    SparkEnv env = SparkEnv.get();
    if (env.executorId().equals(DRIVER)) {
      return;
    }
    long id = sent.id();
    Thread dropping =
        new Thread(() -> env.blockManager().removeBroadcast(id, true), "penstock-sent-weights");
    dropping.setDaemon(true);
    dropping.start();
  }
}
