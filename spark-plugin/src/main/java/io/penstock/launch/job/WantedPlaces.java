package io.penstock.launch.job;

import io.penstock.event.RankPlace;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.spark.rdd.RDD;

/**
 * Places that ranks are to have where executors are unequal: those that their stages were cut for.
 * Immutable.
 *
 * @param ranks by rank; empty for any
 */
record WantedPlaces(List<RankPlace> ranks) {

  /** Returns the rows of ranks, each to be taken on its place; as they are for other ranks. */
  <T> RDD<T> of(RDD<T> rows) {
    return ranks.size() == rows.getNumPartitions() ? new PlacedRdd<>(rows, ranks) : rows;
  }

  /** Returns what to say of ranks that are elsewhere; empty if none is, or places do not matter. */
  Optional<String> missed(List<RankPlace> actual) {
    List<String> elsewhere =
        actual.size() != ranks.size()
            ? List.of()
            : IntStream.range(0, ranks.size())
                .filter(rank -> !actual.get(rank).executor().equals(ranks.get(rank).executor()))
                .mapToObj(
                    rank ->
                        String.format(
                            Locale.ROOT,
                            "rank %d is %s and was cut for %s",
                            rank,
                            actual.get(rank).process(),
                            ranks.get(rank).process()))
                .toList();
    return elsewhere.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "Executors are unequal, and Spark placed ranks on others than their stages were cut"
                + " for, so that steps take longer than predicted: "
                + String.join("; ", elsewhere)
                + ". A larger spark.locality.wait waits longer for those that are busy.");
  }
}
