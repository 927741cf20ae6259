package io.penstock.compute;

import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Conversions between floats and numbers of 16 bits, in which links may carry them. Every kind
 * rounds to the same bits: to the nearest, and to even between two. What is not a number stays so,
 * whatever its bits. For one thread.
 */
public interface Conversions {
  /**
   * Rounds numbers, in the order in which they lie in memory.
   *
   * @param numbers floats that lie densely, in 'c' or 'f' order
   * @param type {@link DataType#BFLOAT16} or {@link DataType#HALF}
   * @param words floats whose bytes take the rounded numbers, two by two, as many as {@link
   *     io.penstock.array.NarrowNumbers#words} says; in the host's memory also an array of the type
   *     itself. Overwritten
   * @throws IllegalArgumentException if the type is another, or the words are too few or too many
   */
  void round(INDArray numbers, DataType type, INDArray words);

  /**
   * Takes numbers out of words that {@link #round} made.
   *
   * @param type that they were rounded to
   * @param numbers as many as were rounded; overwritten in the order in which they lie in memory
   * @throws IllegalArgumentException as of {@link #round}
   */
  void widen(INDArray words, DataType type, INDArray numbers);
}
