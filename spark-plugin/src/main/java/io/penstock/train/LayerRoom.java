package io.penstock.train;

import io.penstock.array.NativeArrays;
import io.penstock.compute.Workspace;
import io.penstock.nn.DerivedRoom;
import io.penstock.nn.Parameters;
import io.penstock.nn.network.Sequential;
import java.util.Optional;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Room for one layer at a time, which all layers of a rank take in turn where the rank does not
 * {@linkplain Retention retain} all: for a gradient, and for packed weights. A rank does one thing
 * after the other, so that one room will do for all of its stages, and segments of these. Not
 * thread-safe: for the rank's thread.
 */
final class LayerRoom implements AutoCloseable {
  private final Optional<INDArray> gradient;
  private final Optional<DerivedRoom> packed;
  private final Workspace pool;

  /**
   * Makes the room that a rank needs: none where it retains all.
   *
   * @param layers of the rank
   * @param pool what the rank's thread computes with, where gradients are to lie
   */
  LayerRoom(Retention retention, Sequential network, IntStream layers, Workspace pool) {
    this.pool = pool;
    this.gradient =
        retention.gradients()
            ? Optional.empty()
            : Optional.of(
                NativeArrays.zeros(
                    pool.device().memory(),
                    DataType.FLOAT,
                    layers.mapToLong(network::parameterCount).reduce(1, Math::max)));
    this.packed = retention.packed() ? Optional.empty() : Optional.of(new DerivedRoom());
  }

  /**
   * Returns sums of gradients: in this room, if there is one for them.
   *
   * @param groups gradient groups that the rank sums by itself
   */
  GradientSums sums(int groups) {
    return gradient
        .map(own -> GradientSums.inTurn(own, pool))
        .orElseGet(() -> GradientSums.atOnce(groups, pool));
  }

  /** Has weights packed in this room, if there is one for that. */
  void pack(Parameters weights) {
    packed.ifPresent(weights::deriveIn);
  }

  /** Returns what the rank's thread computes with. */
  Workspace pool() {
    return pool;
  }

  /** Frees the gradient's memory at once; packed weights are freed with the weights. */
  @Override
  public void close() {
    gradient.ifPresent(NativeArrays::release);
  }
}
