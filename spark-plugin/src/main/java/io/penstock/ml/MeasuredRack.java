package io.penstock.ml;

import io.penstock.balance.LayerCosts;
import io.penstock.balance.Profile;
import io.penstock.event.RankPlace;
import io.penstock.launch.job.MeasuredExecutor;
import io.penstock.nn.network.Sequential;
import io.penstock.nn.update.Updater;
import java.util.List;
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
