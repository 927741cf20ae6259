package io.penstock.nn.layer;

import io.penstock.compute.Axis;
import io.penstock.compute.Geometry;
import io.penstock.nn.Shape;
import io.penstock.nn.ShapeException;
import io.penstock.nn.Sizes;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Kernel size, stride and padding of a convolution or pooling over pictures {@code [channels,
 * height, width]}, or sequences {@code [channels, length]}. Immutable.
 *
 * @param size height and width, or the length alone
 * @param stride how far it moves at a time, in as many dimensions
 * @param padding around the input
 */
public record Window(
    @JsonProperty("size") List<Long> size,
    @JsonProperty("stride") List<Long> stride,
    @JsonProperty("padding") Padding padding) {
  /**
   * @throws ShapeException if there is not one dimension or two, or a size or stride is below 1 or
   *     beyond all memory, or a window could lie in the padding alone
   */
  @JsonCreator
  public Window {
    size = List.copyOf(size);
    stride = List.copyOf(stride);
    Objects.requireNonNull(padding, "A window needs a padding, such as Padding.NONE.");
    if (size.isEmpty() || size.size() > 2 || stride.size() != size.size()) {
      throw new ShapeException(
          "A window of size "
              + size
              + " with stride "
              + stride
              + " fits no rows; give both one dimension, or both two.");
    }
    for (List<Long> all : List.of(size, stride)) {
      if (all.stream().anyMatch(d -> d < 1 || d > Sizes.MOST)) {
        throw new ShapeException(
            "A window cannot have the size "
                + size
                + " and the stride "
                + stride
                + "; give 1 to "
                + Sizes.MOST
                + ".");
      }
    }
    if (size.stream().anyMatch(d -> padding.size() >= d)) {
      throw new ShapeException(
          "With padding "
              + padding.size()
              + " a window of size "
              + size
              + " can see nothing but padding; give less than the size.");
    }
  }

  /** A window that moves one at a time, without padding. */
  public static Window of(long... size) {
    List<Long> dims = new ArrayList<>();
    for (long d : size) {
      dims.add(d);
    }
    return new Window(dims, dims.stream().map(d -> 1L).toList(), Padding.NONE);
  }

  /** Returns this window with this stride in each dimension. */
  public Window withStride(long stride) {
    return new Window(size, size.stream().map(d -> stride).toList(), padding);
  }

  /** Returns this window with a stride of its own size, so that windows do not overlap. */
  public Window apart() {
    return new Window(size, size, padding);
  }

  /** Returns this window with this padding. */
  public Window withPadding(Padding padding) {
    return new Window(size, stride, padding);
  }

  /** Returns this window with padding of this size on every side. */
  public Window withPadding(long size) {
    return withPadding(Padding.of(size));
  }

  /** Returns this window with "same" padding, which keeps a picture's size if the stride is 1. */
  public Window same() {
    return withPadding(Padding.SAME);
  }

  /** Returns how many numbers of a channel it covers. */
  long area() {
    return size.stream().reduce(1L, Math::multiplyExact);
  }

  /**
   * Returns the shape of output rows: a number for each place of the window, in each of so many
   * channels.
   *
   * @param what has the window, for the message
   * @throws ShapeException if it does not fit such rows
   */
  Shape places(String what, Shape input, long channels) {
    if (input.rank() != size.size() + 1) {
      throw new ShapeException(
          what
              + " with a window of "
              + size
              + " takes rows of "
              + (size.size() == 2 ? "[channels, height, width]" : "[channels, length]")
              + ", but these have shape "
              + input
              + "; give the network's input such a shape"
              + (input.rank() == 2 || input.rank() == 3
                  ? ", or the window " + (input.rank() - 1) + " dimension(s)."
                  : "."));
    }
    long[] places = new long[size.size()];
    for (int d = 0; d < places.length; d++) {
      Axis axis = axis(d, input.dims().get(d + 1));
      places[d] = axis.places();
      if (places[d] < 1) {
        throw new ShapeException(
            what
                + " with a window of "
                + size
                + " finds no place in rows of shape "
                + input
                + "; give a smaller window, or more padding.");
      }
    }
    return places.length == 2
        ? Shape.of(channels, places[0], places[1])
        : Shape.of(channels, places[0]);
  }

  /**
   * Returns the geometry over an array of this shape, rows first; a sequence is a picture of height
   * 1.
   */
  Geometry over(long... shape) {
    boolean picture = size.size() == 2;
    Axis vertical = picture ? axis(0, shape[2]) : new Axis(1, 1, 1, 0, 0);
    Axis horizontal = axis(picture ? 1 : 0, shape[shape.length - 1]);
    return new Geometry(shape[0], shape[1], vertical, horizontal);
  }

  /**
   * Returns the output's shape, rows first: a number for each place of the window, in each of so
   * many channels.
   */
  long[] shape(Geometry geometry, long channels) {
    return size.size() == 2
        ? geometry.places(channels)
        : new long[] {geometry.rows(), channels, geometry.horizontal().places()};
  }

  private Axis axis(int dimension, long length) {
    long window = size.get(dimension);
    long step = stride.get(dimension);
    return padding.same()
        ? Axis.same(length, window, step)
        : new Axis(length, window, step, padding.size(), padding.size());
  }

  /**
   * Returns how many numbers a row's channels take at most in the order that a kernel likes: side
   * by side in the widest registers, unless they are few.
   */
  static long laidOut(Shape row) {
    long channels = row.dims().get(0);
    long register = channels < 4 ? 8 : 16;
    long groups = (channels + register - 1) / register;
    return Sizes.product(groups, register, row.size() / channels);
  }
}
