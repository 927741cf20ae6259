package io.penstock.compute.plain;

import io.penstock.array.NarrowNumbers;
import io.penstock.array.NativeArrays;
import io.penstock.array.Numbers;
import io.penstock.compute.Conversions;
import io.penstock.compute.Rows;
import java.util.Arrays;
import org.bytedeco.javacpp.ShortPointer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Conversions by ND4J's assignment. That makes infinity or -0 of some numbers that are not numbers,
 * so whatever has any is gone over once more; to find out takes one pass over the squares. For one
 * thread.
 */
public final class PlainConversions implements Conversions {
  /** What is not a number, in each type. */
  private static final short NO_BFLOAT16 = 0x7FC0;

  private static final short NO_FLOAT16 = 0x7E00;

  private final Rows rows;

  /**
   * @param rows finds out whether all numbers are finite
   */
  public PlainConversions(Rows rows) {
    this.rows = rows;
  }

  @Override
  public void round(INDArray numbers, DataType type, INDArray words) {
    NarrowNumbers.requireWords(numbers, type, words);
    if (lieAlike(words, type, numbers)) {
      words.assign(numbers);
      keepNotNumbers(numbers, type, words);
    } else {
      INDArray flat = NativeArrays.view(numbers, 0, numbers.length());
      INDArray narrow = NarrowNumbers.in(words, type, numbers.length());
      narrow.assign(flat);
      keepNotNumbers(flat, type, narrow);
    }
  }

  /** Returns whether there is no need for views, which take longer than small arrays do. */
  private static boolean lieAlike(INDArray words, DataType type, INDArray numbers) {
    return words.dataType() == type
        && Arrays.equals(words.shape(), numbers.shape())
        && NativeArrays.isDense(words, 'c')
        && NativeArrays.isDense(numbers, 'c');
  }

  private void keepNotNumbers(INDArray numbers, DataType type, INDArray narrow) {
    if (rows.squaresAreFinite(numbers)) {
      return;
    }
    Numbers all = Numbers.of(numbers);
    ShortPointer bits = new ShortPointer(narrow.data().pointer());
    for (long i = 0; i < numbers.length(); i++) {
      if (Double.isNaN(all.get(i))) {
        bits.put(narrow.offset() + i, type == DataType.HALF ? NO_FLOAT16 : NO_BFLOAT16);
      }
    }
  }

  @Override
  public void widen(INDArray words, DataType type, INDArray numbers) {
    NarrowNumbers.requireWords(numbers, type, words);
    if (lieAlike(words, type, numbers)) {
      numbers.assign(words);
    } else {
      NativeArrays.view(numbers, 0, numbers.length())
          .assign(NarrowNumbers.in(words, type, numbers.length()));
    }
  }
}
