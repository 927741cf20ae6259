package io.penstock.launch.job;

import java.io.Serializable;

/**
 * Numbers of rows that a rank has taken in. Immutable.
 *
 * @param training rows to train on
 * @param validation rows to validate on
 */
record RowCounts(long training, long validation) implements Serializable {
  /** No rows at all. */
  static final RowCounts NONE = new RowCounts(0, 0);
}
