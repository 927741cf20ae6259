package io.penstock.launch.job;

import io.penstock.Internal;
import io.penstock.event.RankPlace;
import io.penstock.train.LayerTime;
import java.util.List;

/**
 * Layers as measured on executors of one model, for one of these. Immutable.
 *
 * @param place of the rank that was on it
 * @param model all that its speed depends on; executors of one model have the same times
 * @param layers every layer's times at every number of rows asked for, layers ascending
 */
@Internal
public record MeasuredExecutor(RankPlace place, String model, List<LayerTime> layers) {
  /** Copies the list. */
  public MeasuredExecutor {
    layers = List.copyOf(layers);
  }
}
