package io.penstock.balance;

import io.penstock.nn.network.Sequential;
import io.penstock.nn.update.Updater;
import io.penstock.schedule.LinkCost;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * Profile of a network on the executors, from which a plan is chosen: costs of layers and link, and
 * memory of a rank. Immutable.
 *
 * @param oneRow the sizes of the layers for micro-batches of one row; its times are not looked at
 * @param measured the layers' times for two numbers of rows or more
 * @param update seconds that the update of each layer's weights takes, once a step
 * @param link cost of a frame between two ranks, in seconds and bytes
 * @param memoryLimit bytes that a rank can hold; {@link CutConstraints#UNLIMITED} for no limit
 */
public record Profile(
    LayerCosts oneRow,
    List<RowTimes> measured,
    List<Double> update,
    LinkCost link,
    long memoryLimit) {
  /** Two numbers of rows, for a line goes through them. */
  private static final int FEW_ROWS = 1;

  private static final int MANY_ROWS = 1025;

  /**
   * Copies the lists and checks the numbers.
   *
   * @throws IllegalArgumentException if there are fewer than two numbers of rows, times are not of
   *     as many layers as the sizes, or the limit is none
   */
  public Profile {
    measured = List.copyOf(measured);
    update = List.copyOf(update);
    if (update.size() != oneRow.count()) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "times of the update of %d layers, but the network has %d layers",
              update.size(),
              oneRow.count()));
    }
    if (measured.stream().mapToInt(RowTimes::rows).distinct().count() < 2) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "layers measured with %s rows; measure with two different numbers at least, so that"
                  + " what a micro-batch takes besides its rows can be told",
              measured.stream().map(RowTimes::rows).toList()));
    }
    for (RowTimes times : measured) {
      if (times.forward().size() != oneRow.count()) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT,
                "times of %d layers for %d rows, but the network has %d layers",
                times.forward().size(),
                times.rows(),
                oneRow.count()));
      }
    }
    if (memoryLimit < 0) {
      throw new IllegalArgumentException(
          String.format(Locale.ROOT, "room for %d bytes; a rank can hold 0 or more", memoryLimit));
    }
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
      List<RowTimes> measured,
      List<Double> update,
      LinkCost link,
      long memoryLimit) {
    LayerCosts oneRow = LayerCosts.estimated(network, 1, updater);
    return new Profile(oneRow, measured, update, link, memoryLimit);
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
   * Returns the layers' costs for a micro-batch of a mini-batch, times in seconds. Micro-batches
   * differ by a row at most: times are of the average one, sizes of the largest.
   *
   * @param batchSize rows of a mini-batch
   * @param microBatches of a mini-batch, at most as many as rows
   */
  public LayerCosts costs(int batchSize, int microBatches) {
    double rows = (double) batchSize / microBatches;
    return oneRow
        .withRows((batchSize + microBatches - 1) / microBatches)
        .withTimes(
            at(rows, RowTimes::forward),
            at(rows, RowTimes::inputGradient),
            at(rows, RowTimes::weightGradient));
  }

  /** Returns this profile with another limit of what a rank can hold, in bytes. */
  public Profile withMemoryLimit(long bytes) {
    return new Profile(oneRow, measured, update, link, bytes);
  }

  /** Returns this profile with free links, on which everything is there at once. */
  Profile withFreeLinks() {
    return new Profile(oneRow, measured, update, LinkCost.FREE, memoryLimit);
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
        IntStream.of(FEW_ROWS, MANY_ROWS).mapToObj(rows -> worked(rows, times)).toList(),
        update.stream().map(seconds -> times * seconds).toList(),
        link,
        memoryLimit);
  }

  private RowTimes worked(int rows, double times) {
    return new RowTimes(
        rows,
        worked(rows, times, RowTimes::forward),
        worked(rows, times, RowTimes::inputGradient),
        worked(rows, times, RowTimes::weightGradient));
  }

  private List<Double> worked(int rows, double times, Function<RowTimes, List<Double>> part) {
    return Arrays.stream(lines(part))
        .map(line -> new LinearCost(line.fixed(), times * line.perRow()).at(rows))
        .toList();
  }

  private double[] at(double rows, Function<RowTimes, List<Double>> part) {
    return Arrays.stream(lines(part)).mapToDouble(line -> line.at(rows)).toArray();
  }

  private LinearCost[] lines(Function<RowTimes, List<Double>> part) {
    double[] counts = measured.stream().mapToDouble(RowTimes::rows).toArray();
    LinearCost[] lines = new LinearCost[oneRow.count()];
    for (int layer = 0; layer < lines.length; layer++) {
      int index = layer;
      double[] seconds = measured.stream().mapToDouble(one -> part.apply(one).get(index)).toArray();
      lines[layer] = LinearCost.fit(counts, seconds);
    }
    return lines;
  }
}
