package io.penstock.dl4j;

import io.penstock.nn.layer.Padding;
import io.penstock.nn.layer.Window;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.conf.ConvolutionMode;

/** Windows of convolutions and of pooling, over pictures and over signals. */
final class Windows {
  private static final List<ConvolutionMode> PLAIN =
      List.of(ConvolutionMode.Truncate, ConvolutionMode.Strict);

  private Windows() {}

  /**
   * A window of DL4J's.
   *
   * @param dimensions how many of the numbers count: height and width, or the length alone
   * @throws UnsupportedLayerException if it is dilated, or padded unevenly
   */
  static Window read(
      Source source,
      int dimensions,
      int[] size,
      int[] stride,
      int[] padding,
      int[] dilation,
      ConvolutionMode mode) {
    if (IntStream.range(0, dimensions).anyMatch(d -> dilation[d] != 1)) {
      throw source.refuse("Penstock's windows have no dilation; build it with a dilation of 1.");
    }
    if (mode != ConvolutionMode.Same && !PLAIN.contains(mode)) {
      throw source.refuse(
          "Penstock has no convolution mode " + mode + "; use Truncate, Strict or Same.");
    }
    if (mode != ConvolutionMode.Same && padding[0] != padding[dimensions - 1]) {
      throw source.refuse(
          "its padding is "
              + padding[0]
              + " in height and "
              + padding[1]
              + " in width; Penstock has one number for both.");
    }
    return new Window(
        longs(size, dimensions),
        longs(stride, dimensions),
        mode == ConvolutionMode.Same ? Padding.SAME : Padding.of(padding[0]));
  }

  /** Whether it slides over signals. */
  static boolean signal(Window window) {
    return window.size().size() == 1;
  }

  static int[] size(Window window) {
    return ints(window.size());
  }

  static int[] stride(Window window) {
    return ints(window.stride());
  }

  static int[] padding(Window window) {
    int[] padding = new int[window.size().size()];
    Arrays.fill(padding, Math.toIntExact(window.padding().size()));
    return padding;
  }

  static ConvolutionMode mode(Window window) {
    return window.padding().same() ? ConvolutionMode.Same : ConvolutionMode.Truncate;
  }

  private static List<Long> longs(int[] numbers, int count) {
    return Arrays.stream(numbers, 0, count).asLongStream().boxed().toList();
  }

  private static int[] ints(List<Long> numbers) {
    return numbers.stream().mapToInt(Math::toIntExact).toArray();
  }
}
