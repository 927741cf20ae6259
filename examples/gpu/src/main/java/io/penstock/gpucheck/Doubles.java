package io.penstock.gpucheck;

import org.bytedeco.javacpp.indexer.DoubleIndexer;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Numbers of an array in the host's memory, counted as they lie there, from its first on. For one
 * thread.
 *
 * @param numbers of the array's buffer
 * @param offset where the array begins in it
 * @param length how many numbers the array has
 */
record Doubles(DoubleIndexer numbers, long offset, long length) {
  static Doubles of(INDArray array) {
    return new Doubles((DoubleIndexer) array.data().indexer(), array.offset(), array.length());
  }

  /** Returns those of an array; null for null. */
  static Doubles orNull(INDArray array) {
    return array == null ? null : of(array);
  }

  double get(long place) {
    return numbers.get(offset + place);
  }

  void put(long place, double value) {
    numbers.put(offset + place, value);
  }

  void add(long place, double value) {
    put(place, get(place) + value);
  }

  /** Copies all to the heap. */
  double[] copy() {
    double[] copy = new double[Math.toIntExact(length)];
    for (int i = 0; i < copy.length; i++) {
      copy[i] = get(i);
    }
    return copy;
  }

  /** Takes over as many numbers. */
  void set(double[] values) {
    for (int i = 0; i < values.length; i++) {
      put(i, values[i]);
    }
  }
}
