package io.penstock.compute.cuda;

import io.penstock.compute.Axis;
import io.penstock.compute.Geometry;
import java.util.Arrays;
import java.util.stream.Stream;

/**
 * What cuDNN is asked for, but for the numbers: a convolution or one of its gradients. Immutable.
 *
 * @param math cudnnMathType_t
 */
record CudnnShape(Result result, Geometry geometry, long outputs, int math) {
  /** What is computed. */
  enum Result {
    PLACES,
    INPUT_GRADIENT,
    FILTER_GRADIENT
  }

  /** Returns shapes, one of each result, that the library can do on any GPU that it knows. */
  static Stream<CudnnShape> trials() {
    Axis axis = new Axis(16, 3, 1, 1, 1);
    Geometry geometry = new Geometry(8, 16, axis, axis);
    return Arrays.stream(Result.values())
        .map(result -> new CudnnShape(result, geometry, 16, Cudnn.FMA_MATH));
  }

  /** Returns the same for so many pictures. */
  CudnnShape of(long pictures) {
    Geometry few =
        new Geometry(pictures, geometry.channels(), geometry.vertical(), geometry.horizontal());
    return new CudnnShape(result, few, outputs, math);
  }

  /** Returns how many pictures there are. */
  long pictures() {
    return geometry.rows();
  }

  /** Returns the filter's shape: outputs, channels, and the window's height and width. */
  long[] filter() {
    return new long[] {
      outputs, geometry.channels(), geometry.vertical().window(), geometry.horizontal().window()
    };
  }

  /** Returns whether both ends of pictures are padded alike, as the library does it. */
  boolean isEven() {
    return geometry.vertical().isEven() && geometry.horizontal().isEven();
  }

  /** Returns whether there are numbers, and of no array 2^31: the library counts in int. */
  boolean isCountable() {
    return isCountable(geometry.pictures())
        && isCountable(geometry.places(outputs))
        && isCountable(filter())
        && isCountable(geometry.vertical())
        && isCountable(geometry.horizontal());
  }

  private static boolean isCountable(Axis axis) {
    return axis.stride() <= Integer.MAX_VALUE && axis.before() <= Integer.MAX_VALUE;
  }

  private static boolean isCountable(long[] sides) {
    long count = 1;
    for (long side : sides) {
      if (side < 1 || side > Integer.MAX_VALUE / count) {
        return false;
      }
      count *= side;
    }
    return true;
  }
}
