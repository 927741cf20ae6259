package io.penstock.compute;

/**
 * A window's way along one dimension of a picture.
 *
 * @param length of the picture
 * @param window its length
 * @param stride how far it moves at a time
 * @param before how far it may reach over the beginning
 * @param after how far it may reach over the end
 */
public record Axis(long length, long window, long stride, long before, long after) {
  /**
   * That on which a window takes {@code ceil(length / stride)} places: it may reach over both ends,
   * and over the latter by one more if it cannot be even.
   */
  public static Axis same(long length, long window, long stride) {
    long places = (length + stride - 1) / stride;
    long around = Math.max(0, (places - 1) * stride + window - length);
    return new Axis(length, window, stride, around / 2, around - around / 2);
  }

  /** How many places it takes; 0 if it does not fit. */
  public long places() {
    return Math.max(0, Math.floorDiv(length + before + after - window, stride) + 1);
  }

  /** Whether the window may reach equally far over both ends. */
  public boolean isEven() {
    return before == after;
  }

  /** Whether this is how a window of this length and stride goes to {@link #same} places. */
  public boolean isSame() {
    return equals(same(length, window, stride));
  }
}
