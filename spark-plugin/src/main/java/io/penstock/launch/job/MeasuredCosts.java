package io.penstock.launch.job;

import io.penstock.Internal;
import io.penstock.train.LayerTime;
import io.penstock.train.LinkTime;
import java.util.List;

/**
 * Costs measured by a short profile on the executors: layers, link and memory. Immutable.
 *
 * @param layers every layer's times at every number of rows asked for, layers ascending
 * @param link cost of a frame between the first two executors; 0 where there is one only
 * @param memoryBytes off-heap memory that an executor may use
 */
@Internal
public record MeasuredCosts(List<LayerTime> layers, LinkTime link, long memoryBytes) {
  /** Copies the list. */
  public MeasuredCosts {
    layers = List.copyOf(layers);
  }
}
