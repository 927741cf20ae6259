package io.penstock.balance;

import io.penstock.Amount;
import io.penstock.Bytes;
import io.penstock.nn.network.Sequential;
import io.penstock.nn.update.Updater;
import io.penstock.schedule.LinkCost;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * Profile of a network on the executors, from which a plan is chosen: costs of layers and link, and
 * memory of a rank. Immutable.
 *
 * @param oneRow the sizes of the layers for micro-batches of one row; its times are not looked at
 * @param executors the layers' times by executor, for those of an unequal rack; a single element
 *     where all compute alike
 * @param link cost of a frame between two ranks, in seconds and bytes
 * @param memoryLimit bytes that a rank can hold; {@link CutConstraints#UNLIMITED} for no limit
 */
public record Profile(
    LayerCosts oneRow, List<LayerTimes> executors, LinkCost link, long memoryLimit) {
  /** Rows by whose times executors are told apart, quick from slow. */
  private static final int USUAL_ROWS = 32;

  /**
   * Copies the lists and checks the numbers.
   *
   * @throws IllegalArgumentException if there are times of no executor, of another number of layers
   *     than the sizes, or the limit is none
   */
  public Profile {
    executors = List.copyOf(executors);
    if (executors.isEmpty()) {
      throw new IllegalArgumentException("a profile of no executor; measure on one at least");
    }
    for (LayerTimes times : executors) {
      if (times.layers() != oneRow.count()) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT,
                "times of %s, but the network has %s",
                new Amount(times.layers(), "layer"),
                new Amount(oneRow.count(), "layer")));
      }
    }
    if (memoryLimit < 0) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT, "room for %s; a rank can hold 0 or more", new Bytes(memoryLimit)));
    }
  }

  /** Makes a profile of executors that compute alike. */
  public Profile(
      LayerCosts oneRow,
      List<RowTimes> measured,
      List<Double> update,
      LinkCost link,
      long memoryLimit) {
    this(oneRow, List.of(new LayerTimes(measured, update)), link, memoryLimit);
  }

  /** Makes a profile of layers whose update takes no time, over links that keep no rank busy. */
  public Profile(
      LayerCosts oneRow,
      List<RowTimes> measured,
      double latency,
      double bandwidth,
      long memoryLimit) {
    this(
        oneRow,
        measured,
        Collections.nCopies(oneRow.count(), 0.0),
        new LinkCost(latency, bandwidth),
        memoryLimit);
  }

  /** Returns a profile of a network, its sizes taken from its description. */
  public static Profile of(
      Sequential network,
      Updater updater,
      List<LayerTimes> executors,
      LinkCost link,
      long memoryLimit) {
    return new Profile(LayerCosts.estimated(network, 1, updater), executors, link, memoryLimit);
  }

  /**
   * Returns a profile by guess, where nothing was measured: from the layers' numbers of operations,
   * for a core that is quick at them.
   *
   * @param local whether the ranks are threads of one process
   */
  public static Profile guessed(Sequential network, Updater updater, boolean local) {
    return new Guess(network, updater, local).profile();
  }

  /**
   * Returns the layers' costs for a micro-batch of a mini-batch, times in seconds, on each rank if
   * those differ. Micro-batches differ by a row at most: times are of the average one, sizes of the
   * largest.
   *
   * @param batchSize rows of a mini-batch
   * @param microBatches of a mini-batch, at most as many as rows
   */
  public LayerCosts costs(int batchSize, int microBatches) {
    double rows = (double) batchSize / microBatches;
    LayerCosts sizes = oneRow.withRows((batchSize + microBatches - 1) / microBatches);
    List<LayerCosts> timed = executors.stream().map(one -> one.timed(sizes, rows)).toList();
    return isUneven() ? LayerCosts.byRank(timed) : timed.get(0);
  }

  /** Returns the seconds that the updates of layers take on a rank, by layer. */
  List<Double> updateOn(int rank) {
    return executors.get(isUneven() ? rank : 0).update();
  }

  /** Returns whether executors differ in what layers take on them. */
  public boolean isUneven() {
    return executors.size() > 1;
  }

  /** Returns the executors' numbers, the quickest first; of equals, in their order. */
  List<Integer> quickestFirst() {
    double[] seconds =
        executors.stream()
            .map(one -> one.timed(oneRow, USUAL_ROWS))
            .mapToDouble(costs -> costs.layers().stream().mapToDouble(LayerCost::time).sum())
            .toArray();
    return IntStream.range(0, seconds.length)
        .boxed()
        .sorted(Comparator.comparingDouble(executor -> seconds[executor]))
        .toList();
  }

  /**
   * Returns the profile of ranks on some of the executors, in an order.
   *
   * @param numbers by rank, its executor's; empty for any, where all compute alike
   */
  Profile on(List<Integer> numbers) {
    return numbers.isEmpty()
        ? this
        : new Profile(oneRow, numbers.stream().map(executors::get).toList(), link, memoryLimit);
  }

  /** Returns this profile with another limit of what a rank can hold, in bytes. */
  public Profile withMemoryLimit(long bytes) {
    return new Profile(oneRow, executors, link, bytes);
  }

  /** Returns this profile with free links, on which everything is there at once. */
  Profile withFreeLinks() {
    return new Profile(oneRow, executors, LinkCost.FREE, memoryLimit);
  }

  /**
   * Returns the profile of layers with a multiple of the work, as wider ones have: what they take
   * for a row and for an update grows with it, and so do their weights; what they hold and hand
   * over for a row grows with its root. What a micro-batch takes besides its rows stays.
   *
   * @param times above 0
   */
  Profile withWork(double times) {
    double width = Math.sqrt(times);
    return new Profile(
        new LayerCosts(
            oneRow.layers().stream().map(layer -> layer.withWidth(width)).toList(),
            oneRow.inputBytes(),
            oneRow.skips().stream().map(skip -> skip.withFactor(width)).toList()),
        executors.stream().map(one -> one.withWork(times)).toList(),
        link,
        memoryLimit);
  }
}
