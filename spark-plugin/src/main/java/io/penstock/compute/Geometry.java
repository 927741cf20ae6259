package io.penstock.compute;

/**
 * Geometry of a convolution or pooling over pictures {@code [rows, channels, height, width]}:
 * input, kernel, stride, padding. A sequence is a picture of height 1. Immutable.
 *
 * @param rows how many pictures
 * @param channels of each
 * @param vertical kernel, stride and padding along the height
 * @param horizontal kernel, stride and padding along the width
 */
public record Geometry(long rows, long channels, Axis vertical, Axis horizontal) {
  /**
   * @throws IllegalArgumentException if a window may reach further over one end than over the
   *     other, unless both ways are {@link Axis#same}: not every kind has kernels for that
   */
  public Geometry {
    boolean even = vertical.isEven() && horizontal.isEven();
    if (!even && !(vertical.isSame() && horizontal.isSame())) {
      throw new IllegalArgumentException(
          "A window cannot go over pictures by "
              + vertical
              + " and "
              + horizontal
              + "; let it reach equally far over both ends, or take Axis.same for both.");
    }
  }

  /** Returns the input's shape, {@code [rows, channels, height, width]}. */
  public long[] pictures() {
    return new long[] {rows, channels, vertical.length(), horizontal.length()};
  }

  /**
   * Returns the output's shape, with a number for each place of the window in each of so many
   * channels: {@code [rows, channels, places down, places across]}.
   */
  public long[] places(long channels) {
    return new long[] {rows, channels, vertical.places(), horizontal.places()};
  }
}
