package io.penstock.train;

import io.penstock.Internal;
import io.penstock.nn.Parameters;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Taker of a rank's trained layers. Called once, by the rank's thread, at the end of its run. */
@Internal
@FunctionalInterface
public interface TrainedLayers {
  /** Taker that returns a copy on the heap, which travels with the rank's result. */
  TrainedLayers RETURNED =
      layers -> {
        Map<Integer, float[]> values = new TreeMap<>();
        layers.forEach((layer, own) -> values.put(layer, own.values()));
        return values;
      };

  /**
   * Takes the layers.
   *
   * @param layers by layer, the parameters of those that own some; freed afterwards
   * @return by layer, the weights that travel with the rank's result
   */
  Map<Integer, float[]> take(SortedMap<Integer, Parameters> layers);
}
