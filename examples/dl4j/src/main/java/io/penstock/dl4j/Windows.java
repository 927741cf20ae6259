package io.penstock.dl4j;

import io.penstock.nn.Padding;
import io.penstock.nn.Window;
import java.util.List;
import org.deeplearning4j.nn.conf.ConvolutionMode;

/** Windows of convolutions and of pooling. */
final class Windows {
  private static final List<ConvolutionMode> PLAIN =
      List.of(ConvolutionMode.Truncate, ConvolutionMode.Strict);

  private Windows() {}

  /**
   * A window of DL4J's, height and width.
   *
   * @throws UnsupportedLayerException if it is dilated, or padded unevenly
   */
  static Window read(
      Source source,
      int[] size,
      int[] stride,
      int[] padding,
      int[] dilation,
      ConvolutionMode mode) {
    if (dilation[0] != 1 || dilation[1] != 1) {
      throw source.refuse("Penstock's windows have no dilation; build it with a dilation of 1.");
    }
    if (mode != ConvolutionMode.Same && !PLAIN.contains(mode)) {
      throw source.refuse(
          "Penstock has no convolution mode " + mode + "; use Truncate, Strict or Same.");
    }
    if (mode != ConvolutionMode.Same && padding[0] != padding[1]) {
      throw source.refuse(
          "its padding is "
              + padding[0]
              + " in height and "
              + padding[1]
              + " in width; Penstock has one number for both.");
    }
    return new Window(
        List.of((long) size[0], (long) size[1]),
        List.of((long) stride[0], (long) stride[1]),
        mode == ConvolutionMode.Same ? Padding.SAME : Padding.of(padding[0]));
  }

  /**
   * Checks that DL4J has such a window.
   *
   * @throws UnsupportedLayerException if it is one of sequences
   */
  static void check(Target target, Window window) {
    if (window.size().size() != 2) {
      throw target.refuse(
          "windows over rows of [channels, length] are not written; make the rows [channels, 1,"
              + " length] and the window [1, length].");
    }
  }

  static int[] size(Window window) {
    return ints(window.size());
  }

  static int[] stride(Window window) {
    return ints(window.stride());
  }

  static int[] padding(Window window) {
    int size = Math.toIntExact(window.padding().size());
    return new int[] {size, size};
  }

  static ConvolutionMode mode(Window window) {
    return window.padding().same() ? ConvolutionMode.Same : ConvolutionMode.Truncate;
  }

  private static int[] ints(List<Long> numbers) {
    return numbers.stream().mapToInt(Math::toIntExact).toArray();
  }
}
