package io.penstock.compute.cuda;

import io.penstock.Amount;
import java.util.Locale;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Conversions between floats and frames of 16 bits a number, for links, by kernels of ours: {@code
 * conversions.cu}. Rounds to the nearest, and to even between two, as ND4J does on the host; what
 * is not a number stays so. A frame is an array of {@link #floats} floats, whose bytes are the
 * numbers. For one thread.
 */
final class CudaConversions {
  private final Launcher launcher;

  CudaConversions(Launcher launcher) {
    this.launcher = launcher;
  }

  /** Returns how many floats have the room of so many numbers of 16 bits. */
  static long floats(long count) {
    return (count + 1) / 2;
  }

  /**
   * Rounds numbers that lie densely, in the order in which they lie in memory.
   *
   * @param type {@link DataType#BFLOAT16} or {@link DataType#HALF}
   * @param frame {@code [floats(numbers.length())]}; overwritten
   * @throws IllegalArgumentException if the type is another, or the frame of another size
   */
  void round(INDArray numbers, DataType type, INDArray frame) {
    convert("round_to_" + name(type), numbers, frame, numbers.length(), frame.length());
  }

  /**
   * Takes numbers out of a frame.
   *
   * @param type that {@link #round} made it of
   * @param numbers as many as were rounded; overwritten in the order in which they lie in memory
   * @throws IllegalArgumentException if the type is another, or the frame of another size
   */
  void widen(INDArray frame, DataType type, INDArray numbers) {
    convert("widen_" + name(type), frame, numbers, numbers.length(), frame.length());
  }

  private void convert(String kernel, INDArray from, INDArray to, long count, long floats) {
    if (floats != floats(count)) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "A frame of %s does not hold %s of 16 bits; give it %d.",
              new Amount(floats, "float"),
              new Amount(count, "number"),
              floats(count)));
    }
    launcher.kernel(kernel).array(from).array(to).whole(count).each(CudaRows.shares(floats));
  }

  private static String name(DataType type) {
    return switch (type) {
      case BFLOAT16 -> "bfloat16";
      case HALF -> "float16";
      default ->
          throw new IllegalArgumentException(
              "Numbers of type " + type + " are not of 16 bits; round to BFLOAT16 or HALF.");
    };
  }
}
