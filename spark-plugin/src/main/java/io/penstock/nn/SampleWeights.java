package io.penstock.nn;

import io.penstock.Amount;
import java.util.Arrays;

/**
 * Sample weights of a micro-batch's rows: in loss and gradients a row of weight 2 is two rows, a
 * row of weight 0 is none. Statistics that layers gather ({@link io.penstock.nn.layer.BatchNorm})
 * take every row once. Immutable and safe to share.
 */
public final class SampleWeights {
  /** Weights of 1 for all rows, however many there are. */
  public static final SampleWeights ONE = new SampleWeights(null);

  /** The weights by row; null where all are 1. */
  private final float[] values;

  private SampleWeights(float[] values) {
    this.values = values;
  }

  /**
   * Weights of rows, in their order.
   *
   * @throws IllegalArgumentException if one is negative, infinite or NaN
   */
  public static SampleWeights of(float... values) {
    for (int row = 0; row < values.length; row++) {
      if (!(values[row] >= 0 && Float.isFinite(values[row]))) {
        throw new IllegalArgumentException(
            "The weight of row "
                + row
                + " is "
                + values[row]
                + "; give 0 for a row that shall not count, and more for one that shall.");
      }
    }
    return new SampleWeights(values.clone());
  }

  /** Returns the weight of a row, from 0; a sequence's holds at all its places. */
  public double at(long row) {
    return values == null ? 1 : values[(int) row];
  }

  /** Sums the weights of this many rows, in their order. */
  double sum(long rows) {
    if (values == null) {
      return rows;
    }
    double sum = 0;
    for (float value : values) {
      sum += value;
    }
    return sum;
  }

  /**
   * Checks that there is a weight for every row.
   *
   * @throws ShapeException if not
   */
  public void check(long rows) {
    if (values != null && values.length != rows) {
      throw new ShapeException(
          "Given are "
              + new Amount(values.length, "weight")
              + " for "
              + new Amount(rows, "row")
              + "; give one for each.");
    }
  }

  @Override
  public String toString() {
    return values == null ? "1" : Arrays.toString(values);
  }
}
