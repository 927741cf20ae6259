package io.penstock.array;

import io.penstock.Internal;
import org.bytedeco.javacpp.indexer.FloatIndexer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The numbers of an array one by one, row by row, for what has no fast operation. Without a copy
 * where they are floats in the host's memory.
 *
 * @param floats null where ND4J must fetch each; it counts from where the array begins
 */
@Internal
public record Numbers(INDArray array, FloatIndexer floats) {
  /** To read: numbers that do not lie row by row are copied first. */
  public static Numbers of(INDArray array) {
    return inPlace(isByRows(array) ? array : NativeArrays.copy(array, 'c'));
  }

  /** To write. */
  public static Numbers into(INDArray array) {
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

  /** The order of a vector, which has but one, is not asked. */
  private static boolean isByRows(INDArray array) {
    boolean vector = array.rank() == 1 && array.stride(0) == 1;
    return vector || NativeArrays.isDense(array, 'c');
  }

  public double get(long place) {
    return floats != null ? floats.get(place) : array.getDouble(place);
  }

  public void put(long place, double value) {
    if (floats != null) {
      floats.put(place, (float) value);
    } else {
      array.putScalar(place, value);
    }
  }
}
