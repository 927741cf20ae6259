package io.penstock.ml;

import io.penstock.balance.LayerCosts;
import io.penstock.balance.LayerTimes;
import io.penstock.balance.Profile;
import io.penstock.balance.RowTimes;
import io.penstock.event.RankPlace;
import io.penstock.launch.job.MeasuredCosts;
import io.penstock.launch.job.MeasuredExecutor;
import io.penstock.nn.network.Sequential;
import io.penstock.nn.update.Updater;
import io.penstock.schedule.LinkCost;
import io.penstock.train.LayerTime;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Executors as measured, which may be unequal, and the profile that a plan is chosen from.
 * Immutable.
 *
 * @param profile of the network on them
 * @param executors by their number in the profile, where they are unequal
 */
record MeasuredRack(Profile profile, List<MeasuredExecutor> executors) {
  /** Copies the list. */
  MeasuredRack {
    executors = List.copyOf(executors);
  }

  /**
   * Returns executors with the profile that was measured on them.
   *
   * @param network whose layers were measured
   * @param link cost of a frame by the numbers that links carry
   */
  static MeasuredRack of(
      MeasuredCosts measured, Sequential network, Updater updater, LinkCost link) {
    List<LayerTimes> times = measured.executors().stream().map(one -> times(one.layers())).toList();
    return new MeasuredRack(
        Profile.of(
            network,
            updater,
            measured.isUneven() ? times : times.subList(0, 1),
            link,
            measured.memoryBytes()),
        measured.executors());
  }

  private static LayerTimes times(List<LayerTime> layers) {
    return new LayerTimes(byRows(layers), updates(layers));
  }

  private static List<RowTimes> byRows(List<LayerTime> times) {
    Map<Integer, List<LayerTime>> byRows =
        times.stream()
            .collect(Collectors.groupingBy(LayerTime::rows, TreeMap::new, Collectors.toList()));
    return byRows.entrySet().stream()
        .map(
            entry ->
                new RowTimes(
                    entry.getKey(),
                    seconds(entry.getValue(), LayerTime::forward),
                    seconds(entry.getValue(), LayerTime::input),
                    seconds(entry.getValue(), LayerTime::weight)))
        .toList();
  }

  /** An update does not depend on the rows it was learnt from, so any number of rows will do. */
  private static List<Double> updates(List<LayerTime> times) {
    int rows = times.get(0).rows();
    return seconds(times.stream().filter(time -> time.rows() == rows).toList(), LayerTime::update);
  }

  private static List<Double> seconds(List<LayerTime> layers, ToDoubleFunction<LayerTime> part) {
    return layers.stream().map(part::applyAsDouble).toList();
  }

  /** Returns these executors with another limit of what a rank can hold, in bytes. */
  MeasuredRack withMemoryLimit(long bytes) {
    return new MeasuredRack(profile.withMemoryLimit(bytes), executors);
  }

  /** Returns these executors with the gradients of the network's largest layer alone. */
  MeasuredRack withOneGradient(Sequential network, Updater updater) {
    long besides = LayerCosts.largestGradient(network);
    return new MeasuredRack(
        new Profile(
            LayerCosts.estimated(network, 1, updater, false),
            profile.executors(),
            profile.link(),
            Math.max(0, profile.memoryLimit() - besides)),
        executors);
  }

  /**
   * Returns where each rank of a plan is to be.
   *
   * @param numbers by rank, its executor's number in the profile; empty for any
   */
  List<RankPlace> places(List<Integer> numbers) {
    return numbers.stream().map(number -> executors.get(number).place()).toList();
  }

  /** Returns which rank of a plan is to be where, and what that computes with, for the log. */
  String words(List<Integer> numbers) {
    return IntStream.range(0, numbers.size())
        .mapToObj(
            rank -> {
              MeasuredExecutor executor = executors.get(numbers.get(rank));
              return "rank " + rank + " " + executor.place().process() + ", " + executor.model();
            })
        .collect(Collectors.joining("\n  ", "Executors are unequal; stages are cut for\n  ", ""));
  }
}
