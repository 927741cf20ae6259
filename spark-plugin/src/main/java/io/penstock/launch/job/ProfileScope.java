package io.penstock.launch.job;

import io.penstock.Amount;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Scope of a profile, in words: what is measured, and where. Immutable.
 *
 * @param layers of the network
 * @param rowCounts rows of the micro-batches to measure with, at least one number
 * @param ranks executors at work
 * @param models of executors, each of which measures all layers
 */
record ProfileScope(int layers, List<Integer> rowCounts, int ranks, int models) {
  @Override
  public String toString() {
    List<Integer> rows = rowCounts.stream().sorted().toList();
    int last = rows.get(rows.size() - 1);
    String others =
        rows.stream().limit(rows.size() - 1).map(String::valueOf).collect(Collectors.joining(", "));
    return new Amount(layers, "layer")
        + " with micro-batches of "
        + (others.isEmpty() ? "" : others + " and ")
        + new Amount(last, "row")
        + (ranks == 1 ? "" : ", and the link between two executors,")
        + " on "
        + new Amount(ranks, "executor")
        + " of "
        + new Amount(models, "kind");
  }
}
