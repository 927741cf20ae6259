package io.penstock.compute;

/**
 * A window's way over pictures, {@code [rows, channels, height, width]}. A sequence is a picture of
 * height 1.
 *
 * @param rows how many pictures
 * @param channels of each
 * @param vertical the way along the height
 * @param horizontal the way along the width
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

  /** The shape of the pictures. */
  public long[] pictures() {
    return new long[] {rows, channels, vertical.length(), horizontal.length()};
  }

  /** The shape of pictures with a number for each place of the window, in so many channels. */
  public long[] places(long channels) {
    return new long[] {rows, channels, vertical.places(), horizontal.places()};
  }
}
