package io.penstock.train;

import io.penstock.Internal;
import io.penstock.balance.Cut;
import io.penstock.nn.network.Sequential;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * Replicas by layer: which one writes a layer's state, and holds its optimizer state where that is
 * sharded. The layers of a stage are spread so that the replicas have about as many weights each:
 * the largest layer first, each to the replica that has least. A layer that shares another's
 * weights goes with that one. Immutable.
 */
@Internal
public final class LayerOwners {
  private final int[] replicas;

  private LayerOwners(int[] replicas) {
    this.replicas = replicas;
  }

  /** Returns the owners of a cut's layers. */
  public static LayerOwners of(Sequential network, Cut cut, int replicas) {
    int[] owners = new int[network.layers().size()];
    for (int stage = 0; stage < cut.stages(); stage++) {
      long[] weights = new long[replicas];
      IntStream.range(cut.first(stage), cut.end(stage))
          .filter(layer -> network.owner(layer) == layer)
          .boxed()
          .sorted(Comparator.comparingLong((Integer layer) -> -network.parameterCount(layer)))
          .forEach(
              layer -> {
                int least = least(weights);
                owners[layer] = least;
                weights[least] += network.parameterCount(layer);
              });
    }
    Arrays.setAll(owners, layer -> owners[network.owner(layer)]);
    return new LayerOwners(owners);
  }

  private static int least(long[] weights) {
    return IntStream.range(0, weights.length)
        .reduce((one, other) -> weights[other] < weights[one] ? other : one)
        .orElseThrow();
  }

  /** Returns the replica that a layer belongs to. */
  public int of(int layer) {
    return replicas[layer];
  }
}
