package io.penstock.train;

import io.penstock.Internal;
import io.penstock.nn.Layer;
import io.penstock.nn.network.Sequential;
import io.penstock.nn.update.Updater;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Work of a rank that computes on a GPU, and that the host has to do for it. Immutable.
 *
 * @param parts layers, the loss, the optimizer, each in words
 */
@Internal
public record HostWork(List<String> parts) {
  /** Nothing, as on a rank that computes on the host anyway. */
  public static final HostWork NONE = new HostWork(List.of());

  /** Copies the list. */
  public HostWork {
    parts = List.copyOf(parts);
  }

  /**
   * Finds what computes on the host alone.
   *
   * @param layers of the rank, by their index in the network
   * @param end whether the rank computes the loss
   * @param updater what it learns by; null if it learns nothing
   */
  static HostWork of(Sequential network, IntStream layers, boolean end, Updater updater) {
    List<String> parts = new ArrayList<>();
    layers.forEach(
        index -> {
          Layer layer = network.layers().get(index);
          if (!layer.computesAnywhere()) {
            parts.add("layer " + index + ", " + layer);
          }
        });
    if (end && !network.loss().computesAnywhere()) {
      parts.add("the loss " + network.loss().name());
    }
    if (updater != null && !updater.computesAnywhere()) {
      parts.add("the optimizer " + updater);
    }
    return new HostWork(parts);
  }

  /**
   * Returns what it is and costs, in a sentence; empty if there is none.
   *
   * @param device on which all else is computed
   */
  public Optional<String> words(Object device) {
    return parts.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "computed on the host, not on "
                + device
                + ": "
                + String.join("; ", parts)
                + ". In every micro-batch "
                + device
                + " waits while what a layer or the loss reads, weights and gradients among it, is"
                + " copied to the host, computed there and copied back; for an optimizer it does so"
                + " once a step. All of Penstock's own layers but Custom, its"
                + " losses, and the optimizers sgd, nesterovs, adam, amsgrad and nadam are computed"
                + " on a GPU.");
  }
}
