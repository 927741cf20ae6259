package io.penstock.feed;

import io.penstock.Amount;
import java.io.Serializable;
import java.util.List;
import java.util.Objects;

/**
 * Ends of the pipelines that rows go to: by replica, the rank that takes the features and those
 * that take the labels. Immutable.
 *
 * @param ranks of all replicas
 * @param features by replica, the rank that takes the features
 * @param labels by replica, the ranks that take the labels, ascending; the features' may be among
 *     them
 */
public record RowEnds(int ranks, List<Integer> features, List<List<Integer>> labels)
    implements Serializable {

  /**
   * Copies the lists and checks the ranks.
   *
   * @throws IndexOutOfBoundsException if one is not there
   */
  public RowEnds {
    features = List.copyOf(features);
    labels = labels.stream().map(List::copyOf).toList();
    int most = ranks;
    features.forEach(rank -> Objects.checkIndex(rank, most));
    labels.forEach(some -> some.forEach(rank -> Objects.checkIndex(rank, most)));
    if (features.size() != labels.size()) {
      throw new IllegalArgumentException(
          "Features go to "
              + new Amount(features.size(), "replica")
              + ", labels to "
              + labels.size());
    }
  }

  /** Returns the ends of one pipeline. */
  public static RowEnds of(int ranks, int featureRank, int labelRank) {
    return new RowEnds(ranks, List.of(featureRank), List.of(List.of(labelRank)));
  }

  /** Returns the ranks that take a part of every row, of all replicas. */
  public List<Integer> takers(RowBlock.Part part) {
    return part == RowBlock.Part.FEATURES
        ? features
        : labels.stream().flatMap(List::stream).toList();
  }
}
