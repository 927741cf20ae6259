package io.penstock.launch.job;

import io.penstock.Internal;
import io.penstock.train.LayerTime;
import io.penstock.train.LinkTime;
import java.util.List;

/**
 * What a short profile on the executors found.
 *
 * @param layers every layer's times at every number of rows asked for, layers ascending
 * @param link the time between the first two executors; nothing where there is one only
 * @param memoryBytes off-heap memory that an executor may use
 */
@Internal
public record MeasuredCosts(List<LayerTime> layers, LinkTime link, long memoryBytes) {
  /** Copies the list. */
  public MeasuredCosts {
    layers = List.copyOf(layers);
  }
}
