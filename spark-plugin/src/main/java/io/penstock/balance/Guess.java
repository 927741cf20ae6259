package io.penstock.balance;

import io.penstock.nn.network.Sequential;
import io.penstock.nn.update.Updater;
import io.penstock.schedule.LinkCost;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * Guess at a profile from the description of a network alone, where there is no time to measure.
 * Immutable. The figures are of one thread of the CPUs in docs/benchmarks.md.
 *
 * @param network the one whose layers are guessed at
 * @param updater the optimizer, by whose state an update takes its time
 * @param local whether the ranks are threads of one process
 */
record Guess(Sequential network, Updater updater, boolean local) {
  /** FLOP per second of the core that {@link LayerCosts#flops} has in mind. */
  static final double OPERATIONS_PER_SECOND = 90e9;

  /** Seconds that a layer takes for a pass whatever its rows: calls into native code. */
  private static final double CALL_SECONDS = 5e-6;

  /** Seconds that an update takes for each byte of weights, gradients and optimizer state. */
  private static final double UPDATE_SECONDS_PER_BYTE = 0.2e-9;

  /**
   * Link from one thread of a process to another that waits for it. Either spends a few
   * microseconds on a frame, most of it on waking and being woken.
   */
  static final LinkCost LOCAL = new LinkCost(50e-6, Double.POSITIVE_INFINITY, 5e-6);

  /**
   * Link from process to process, where two threads of either are woken on the way: 64 KiB took 170
   * µs between two idle ones; on cores that compute it takes longer. These threads and the rank's
   * own take processor time from either end, with the frame's confirmation, whatever its size: 40
   * to 75 µs, the more the more they sleep in between.
   */
  static final LinkCost NETWORK = new LinkCost(300e-6, 1e9, 60e-6);

  private static final List<Integer> ROWS = List.of(1, 1025);

  Profile profile() {
    LayerCosts oneRow = LayerCosts.estimated(network, 1, updater);
    return new Profile(
        oneRow,
        ROWS.stream().map(rows -> times(oneRow, rows)).toList(),
        oneRow.layers().stream().map(cost -> UPDATE_SECONDS_PER_BYTE * cost.stateBytes()).toList(),
        local ? LOCAL : NETWORK,
        CutConstraints.UNLIMITED);
  }

  private static RowTimes times(LayerCosts oneRow, int rows) {
    return new RowTimes(
        rows,
        seconds(oneRow, rows, LayerCost::forward),
        seconds(oneRow, rows, LayerCost::inputGradient),
        seconds(oneRow, rows, LayerCost::weightGradient));
  }

  private static List<Double> seconds(
      LayerCosts oneRow, int rows, ToDoubleFunction<LayerCost> operations) {
    return IntStream.range(0, oneRow.count())
        .mapToObj(layer -> operations.applyAsDouble(oneRow.layers().get(layer)))
        .map(of -> of == 0 ? 0 : CALL_SECONDS + rows * of / OPERATIONS_PER_SECOND)
        .toList();
  }
}
