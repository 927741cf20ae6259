package io.penstock.launch.job;

import io.penstock.train.InitialWeights;
import java.io.Serializable;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;

/**
 * Initial weights on their way to the executors: a broadcast for each layer, so that a task carries
 * none of them and an executor takes only those of its own layers. Thread-safe.
 */
final class BroadcastWeights implements InitialWeights, Serializable, AutoCloseable {
  private static final long serialVersionUID = 1L;

  private final TreeMap<Integer, Broadcast<float[]>> layers = new TreeMap<>();

  BroadcastWeights(JavaSparkContext context, Map<Integer, float[]> weights) {
    weights.forEach((layer, values) -> layers.put(layer, context.broadcast(values)));
  }

  @Override
  public float[] of(int layer) {
    Broadcast<float[]> values = layers.get(layer);
    return values == null ? null : values.value();
  }

  /** Frees them everywhere; on the driver, once no task will ask. */
  @Override
  public void close() {
    layers.values().forEach(RunBroadcast::free);
  }
}
