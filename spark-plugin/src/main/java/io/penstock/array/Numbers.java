package io.penstock.array;

import io.penstock.Internal;
import org.bytedeco.javacpp.indexer.FloatIndexer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Access to an array's numbers one by one, row by row, for what has no fast operation. Without a
 * copy where they are floats in the host's memory. Not thread-safe where somebody writes to the
 * array meanwhile.
 *
 * @param floats null where ND4J must fetch each; it counts from where the array begins
 */
@Internal
public record Numbers(INDArray array, FloatIndexer floats) {
  /**
   * Opens an array to be read; numbers that do not lie row by row are copied first, as are those on
   * a device.
   */
  public static Numbers of(INDArray given) {
    INDArray array = NativeArrays.onHost(given);
    return inPlace(isByRows(array) ? array : NativeArrays.copy(array, 'c'));
  }

  /**
   * Opens an array to be written, in place.
   *
   * @throws IllegalArgumentException if its numbers do not lie densely in 'c' order, or not in the
   *     host's memory: then {@link HostNumbers} are for it
   */
  public static Numbers into(INDArray array) {
    if (NativeArrays.isOnDevice(array)) {
      throw new IllegalArgumentException(
          "The result lies on " + DeviceBuffer.memory(array).name() + "; write it by HostNumbers.");
    }
    if (!isByRows(array)) {
      throw new IllegalArgumentException(
          "The result does not lie densely row by row; give a new array in 'c' order.");
    }
    return inPlace(array);
  }

  private static Numbers inPlace(INDArray array) {
    boolean direct =
        Nd4j.getEnvironment().isCPU() && array.data().indexer() instanceof FloatIndexer;
    return new Numbers(array, direct ? (FloatIndexer) array.data().indexer() : null);
  }

  /**
   * Returns whether numbers lie row by row; the order of a vector, which has but one, is not asked.
   */
  private static boolean isByRows(INDArray array) {
    boolean vector = array.rank() == 1 && array.stride(0) == 1;
    return vector || NativeArrays.isDense(array, 'c');
  }

  /** Returns the number at this place, counted from 0 in 'c' order. */
  public double get(long place) {
    return floats != null ? floats.get(place) : array.getDouble(place);
  }

  /**
   * Sets the number at this place, counted from 0 in 'c' order; rounded where the array has floats.
   */
  public void put(long place, double value) {
    if (floats != null) {
      floats.put(place, (float) value);
    } else {
      array.putScalar(place, value);
    }
  }
}
