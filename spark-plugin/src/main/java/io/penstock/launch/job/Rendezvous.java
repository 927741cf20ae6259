package io.penstock.launch.job;

import io.penstock.checkpoint.RunIdentity;
import io.penstock.event.RankPlace;
import io.penstock.link.Address;
import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/**
 * Rendezvous of a run's ranks at the driver, where they leave messages for each other. Spark's own
 * {@code BarrierTaskContext.allGather} looks for the answer once a second only. Thread-safe.
 */
final class Rendezvous {
  private int attempt = -1;
  private final Arrival[] arrivals;

  Rendezvous(int ranks) {
    this.arrivals = new Arrival[ranks];
  }

  /**
   * Takes the arrival of a rank, which comes, or comes again to see which others are there. What
   * was said in earlier attempts of the Spark stage is forgotten: those links are gone.
   *
   * @return every rank's arrival, by rank; empty while one is missing
   * @throws IllegalStateException if a later attempt has begun
   */
  synchronized List<Arrival> arrive(Arrival arrival) {
    if (arrival.attempt < attempt) {
      throw new IllegalStateException(
          String.format(
              Locale.ROOT,
              "rank %d of attempt %d comes after attempt %d has begun; Spark has given it up.",
              arrival.rank(),
              arrival.attempt,
              attempt));
    }
    if (arrival.attempt > attempt) {
      attempt = arrival.attempt;
      Arrays.fill(arrivals, null);
    }
    arrivals[arrival.rank()] = arrival;
    return Arrays.stream(arrivals).allMatch(Objects::nonNull) ? List.of(arrivals) : List.of();
  }

  /** Returns where a rank is at work; empty if it has not come yet. */
  synchronized Optional<RankPlace> place(int rank) {
    return Optional.ofNullable(arrivals[rank]).map(Arrival::place);
  }

  /** Returns the rank that an executor holds, of those that have come. */
  synchronized Optional<RankPlace> on(String executor) {
    return Arrays.stream(arrivals)
        .filter(Objects::nonNull)
        .map(Arrival::place)
        .filter(place -> place.executor().equals(executor))
        .findFirst();
  }

  /**
   * Arrival of a rank, with what the peers are to know of it.
   *
   * @param place the rank, and where it runs
   * @param attempt of the Spark stage, from 0
   * @param address of its link
   * @param rows how many it has taken in
   * @param model of what it computes with
   */
  record Arrival(RankPlace place, int attempt, Address address, RunIdentity.Rows rows, String model)
      implements Serializable {
    int rank() {
      return place.rank();
    }
  }
}
