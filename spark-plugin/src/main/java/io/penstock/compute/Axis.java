package io.penstock.compute;

import java.util.Locale;

/**
 * Geometry of a convolution or pooling along one dimension: input length, kernel, stride, padding.
 * Immutable.
 *
 * @param length of the input, in numbers
 * @param window length of the kernel
 * @param stride how far it moves at a time
 * @param before padding at the beginning
 * @param after padding at the end
 */
public record Axis(long length, long window, long stride, long before, long after) {
  /**
   * Axis with "same" padding, on which a window takes {@code ceil(length / stride)} places: it may
   * reach over both ends, and over the latter by one more if it cannot be even.
   */
  public static Axis same(long length, long window, long stride) {
    long places = (length + stride - 1) / stride;
    long around = Math.max(0, (places - 1) * stride + window - length);
    return new Axis(length, window, stride, around / 2, around - around / 2);
  }

  /** Returns the output's length: the places that the window takes; 0 if it does not fit. */
  public long places() {
    return Math.max(0, Math.floorDiv(length + before + after - window, stride) + 1);
  }

  /** Returns whether the padding is equal at both ends. */
  public boolean isEven() {
    return before == after;
  }

  /** Returns whether the padding is {@link #same} padding for this kernel and stride. */
  public boolean isSame() {
    return equals(same(length, window, stride));
  }

  /** Returns it in words: the window, its steps, and how far it reaches over either end. */
  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "windows of %d over %d in steps of %d, padded by %d before and %d behind",
        window,
        length,
        stride,
        before,
        after);
  }
}
