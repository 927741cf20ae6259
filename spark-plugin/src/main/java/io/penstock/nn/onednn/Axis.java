package io.penstock.nn.onednn;

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
  /** How many places it takes; 0 if it does not fit. */
  public long places() {
    return Math.max(0, Math.floorDiv(length + before + after - window, stride) + 1);
  }
}
