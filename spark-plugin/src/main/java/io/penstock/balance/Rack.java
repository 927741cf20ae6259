package io.penstock.balance;

import io.penstock.Amount;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * Rack of executors, equal or not, and the orders in which ranks are put on them. Immutable.
 *
 * @param profile of a network on them
 */
record Rack(Profile profile) {

  /**
   * Returns the orders of executors that are looked at: of as many of the quickest ones as there
   * are ranks, the quickest first and the quickest last. Layers move between ranks to make up for
   * their difference; what is left to decide is which end keeps more micro-batches in flight.
   *
   * @return of each, by rank, the executor's number in the profile; a single empty one for any
   *     executors, where they are equal
   * @throws IllegalArgumentException if there are more ranks than executors
   */
  List<List<Integer>> orders(int ranks) {
    if (!profile.isUneven()) {
      return List.of(List.of());
    }
    List<Integer> quickest = profile.quickestFirst();
    if (ranks > quickest.size()) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "%s, but only %s measured; take %d or fewer",
              new Amount(ranks, "rank"),
              new Amount(quickest.size(), "executor").with("was", "were"),
              quickest.size()));
    }
    List<Integer> taken = quickest.subList(0, ranks);
    List<Integer> reversed = new ArrayList<>(taken);
    Collections.reverse(reversed);
    return List.of(taken, reversed);
  }

  /**
   * Returns the profile of groups of executors that hold the same stages, one in every replica: of
   * as many that come after each other in speed, the slowest, which the others wait for.
   */
  Profile alike(int replicas) {
    if (!profile.isUneven()) {
      return profile;
    }
    List<Integer> quickest = profile.quickestFirst();
    return profile.on(
        IntStream.range(0, quickest.size() / replicas)
            .mapToObj(group -> quickest.get((group + 1) * replicas - 1))
            .toList());
  }

  /**
   * Returns the executor of every rank of a plan on such groups.
   *
   * @param plan chosen from the groups' profile
   * @return its number in this profile, replica by replica; empty if executors are equal
   */
  List<Integer> order(Candidate plan, int replicas) {
    if (!profile.isUneven()) {
      return List.of();
    }
    List<Integer> quickest = profile.quickestFirst();
    List<Integer> groups = plan.executors().isEmpty() ? List.of(0) : plan.executors();
    return IntStream.range(0, replicas)
        .boxed()
        .flatMap(replica -> groups.stream().map(group -> quickest.get(group * replicas + replica)))
        .toList();
  }
}
