package io.penstock.feed;

import java.io.Serializable;
import java.util.List;
import java.util.Objects;

/**
 * Ends of the pipelines that rows go to: by replica, the rank that takes the features and the one
 * that takes the labels. Immutable.
 *
 * @param ranks of all replicas
 * @param features by replica, the rank that takes the features
 * @param labels by replica, the rank that takes the labels; may be the same
 */
public record RowEnds(int ranks, List<Integer> features, List<Integer> labels)
    implements Serializable {

  /**
   * Copies the lists and checks the ranks.
   *
   * @throws IndexOutOfBoundsException if one is not there
   */
  public RowEnds {
    features = List.copyOf(features);
    labels = List.copyOf(labels);
    int most = ranks;
    features.forEach(rank -> Objects.checkIndex(rank, most));
    labels.forEach(rank -> Objects.checkIndex(rank, most));
    if (features.size() != labels.size()) {
      throw new IllegalArgumentException(
          features.size() + " replicas take features, " + labels.size() + " take labels.");
    }
  }

  /** Returns the ends of one pipeline. */
  public static RowEnds of(int ranks, int featureRank, int labelRank) {
    return new RowEnds(ranks, List.of(featureRank), List.of(labelRank));
  }

  int replicas() {
    return features.size();
  }
}
