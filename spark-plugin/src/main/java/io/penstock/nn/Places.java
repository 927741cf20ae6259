package io.penstock.nn;

import io.penstock.array.Numbers;
import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Padding mask of a micro-batch's sequences: a place is padding where its token id is negative.
 * Layers behind the embedding cannot tell it from vectors, so it goes with the micro-batch.
 * Immutable.
 */
public final class Places {
  /** The mask without padding, or without any that is known. */
  public static final Places ALL = new Places(0, new boolean[0]);

  private final long length;

  /** Whether a place is padding, row by row. */
  private final boolean[] padding;

  private Places(long length, boolean[] padding) {
    this.length = length;
    this.padding = padding;
  }

  /**
   * Makes the mask of token ids.
   *
   * @param ids {@code [rows, length]}, or of more dimensions where a layer makes those of them
   */
  public static Places of(INDArray ids) {
    Numbers numbers = Numbers.of(ids);
    boolean[] padding = null;
    for (int i = 0; i < ids.length(); i++) {
      if (numbers.get(i) < 0) {
        padding = padding == null ? new boolean[Math.toIntExact(ids.length())] : padding;
        padding[i] = true;
      }
    }
    return padding == null ? ALL : new Places(ids.length() / ids.size(0), padding);
  }

  /**
   * Returns this mask for rows that may be no sequences of these ids any more: then {@link #ALL},
   * for nothing is known.
   *
   * @param sequences {@code [rows, length, width]}
   */
  public Places in(INDArray sequences) {
    return sequences.size(1) == length && sequences.size(0) * length == padding.length ? this : ALL;
  }

  /** Returns whether a place is padding. */
  public boolean isPadding(long row, long place) {
    return padding.length > 0 && padding[(int) (row * length + place)];
  }

  /** Returns whether a row has padding, and more than that. */
  public boolean isPadded(long row) {
    long count = 0;
    for (long place = 0; place < length; place++) {
      count += isPadding(row, place) ? 1 : 0;
    }
    return 0 < count && count < length;
  }

  /**
   * Returns a row's last place that is not padding; its very last if all are.
   *
   * @param end how many places there are
   */
  public long last(long row, long end) {
    long place = end - 1;
    while (place > 0 && isPadding(row, place)) {
      place--;
    }
    return isPadding(row, place) ? end - 1 : place;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Places that
        && length == that.length
        && Arrays.equals(padding, that.padding);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(padding);
  }
}
