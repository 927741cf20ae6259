package io.penstock.balance;

import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

/** Profiles for tests. */
final class Profiles {
  private Profiles() {}

  /** Equal layers that take a time a row, and 1 byte to keep and 1 to put out. */
  static Profile equal(int layers, double f, double i, double w, double latency, long memory) {
    LayerCosts oneRow =
        new LayerCosts(Collections.nCopies(layers, new LayerCost(0, 0, 0, 10, 1, 1)), 1);
    List<RowTimes> times =
        IntStream.of(1, 8)
            .mapToObj(
                rows ->
                    new RowTimes(
                        rows,
                        Collections.nCopies(layers, f * rows),
                        Collections.nCopies(layers, i * rows),
                        Collections.nCopies(layers, w * rows)))
            .toList();
    return new Profile(oneRow, times, latency, Double.POSITIVE_INFINITY, memory);
  }
}
