package io.penstock.train;

import io.penstock.feed.MiniBatches;

/**
 * Rows as one rank sees them.
 *
 * @param features the rows' features; only the rank with the first stage has them, else null
 * @param labels the rows' labels; only the rank with the last stage has them, else null
 * @param miniBatches how many steps an epoch has and how their rows are divided
 */
public record RankRows(Batches features, Batches labels, MiniBatches miniBatches) {
  /** Turns to an epoch. */
  void startEpoch(int epoch) {
    if (features != null) {
      features.startEpoch(epoch);
    }
    if (labels != null) {
      labels.startEpoch(epoch);
    }
  }
}
