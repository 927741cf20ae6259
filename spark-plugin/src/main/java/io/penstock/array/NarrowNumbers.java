package io.penstock.array;

import io.penstock.Amount;
import io.penstock.Internal;
import java.lang.ref.Reference;
import java.util.Locale;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.ShortPointer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Numbers of 16 bits, bfloat16 or float16, as links carry them. A device, whose arrays are of
 * floats, has them two by two in the bytes of floats: its words. Stateless.
 */
@Internal
public final class NarrowNumbers {
  private NarrowNumbers() {}

  /** Returns whether numbers of this type have 16 bits. */
  public static boolean areOf(DataType type) {
    return type == DataType.BFLOAT16 || type == DataType.HALF;
  }

  /** Returns how many words so many numbers take; of an odd number, half a word is left over. */
  public static long words(long count) {
    return (count + 1) / 2;
  }

  /**
   * Returns a live view of numbers of the host's, in the order in which they lie.
   *
   * @param words that lie densely; an array of the type itself is taken too
   * @return {@code [count]}
   */
  public static INDArray in(INDArray words, DataType type, long count) {
    if (words.dataType() == type) {
      return NativeArrays.view(words, 0, count);
    }
    return NativeArrays.over(new Within(words, count), type, 'c', count);
  }

  /**
   * Checks that words are for as many numbers as there are.
   *
   * @param words of 16 bits a number, or an array of the type itself
   * @throws IllegalArgumentException if they are not, or the type is of other numbers
   */
  public static void requireWords(INDArray numbers, DataType type, INDArray words) {
    if (!areOf(type)) {
      throw new IllegalArgumentException(
          "Numbers of type " + type + " are not of 16 bits; round to BFLOAT16 or HALF.");
    }
    long count = numbers.length();
    long room = words.dataType() == type ? count : words(count);
    if (words.length() != room) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "A frame of %s of type %s does not hold %s of 16 bits; give it %d.",
              new Amount(words.length(), "number"),
              words.dataType(),
              new Amount(count, "number"),
              room));
    }
  }

  /** Pointer into an array's memory, which it keeps from being freed. */
  private static final class Within extends ShortPointer {
    @SuppressWarnings("unused")
    private final INDArray words;

    Within(INDArray words, long count) {
      super((Pointer) null);
      this.words = words;
      this.address = DeviceCopy.host(words);
      this.limit = count;
      this.capacity = count;
    }
  }

  /**
   * Copies numbers of the host's to words of a device, or back, as they lie; done when it returns.
   *
   * @param from the numbers, or the words of as many
   * @param to the other
   */
  public static void copy(INDArray from, INDArray to) {
    if (NativeArrays.isOnDevice(to)) {
      DeviceBuffer.memory(to)
          .toDevice(DeviceCopy.host(from), DeviceBuffer.address(to), NativeArrays.bytes(from));
    } else {
      DeviceBuffer.memory(from)
          .toHost(DeviceBuffer.address(from), DeviceCopy.host(to), NativeArrays.bytes(to));
    }
    Reference.reachabilityFence(from);
    Reference.reachabilityFence(to);
  }
}
