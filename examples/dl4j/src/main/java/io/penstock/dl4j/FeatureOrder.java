package io.penstock.dl4j;

import io.penstock.nn.Shape;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * How the numbers of a flattened row lie in DL4J where they do not lie as in Penstock. Keras's
 * pictures have their channels last, and so has what is flattened of them; Penstock's have them
 * first. The layer behind gets its weights in another order instead.
 */
final class FeatureOrder {
  /** The same order in both. */
  static final FeatureOrder SAME = new FeatureOrder(null);

  /** At each place of Penstock's row, the place in DL4J's. */
  private final int[] places;

  private FeatureOrder(int[] places) {
    this.places = places;
  }

  /** Rows of this shape flattened with their first dimension, such as the channels, last. */
  static FeatureOrder firstLast(Shape row) {
    int channels = Math.toIntExact(row.dims().get(0));
    int points = Math.toIntExact(row.size() / channels);
    if (channels == 1 || points == 1) {
      return SAME;
    }
    int[] places = new int[channels * points];
    for (int channel = 0; channel < channels; channel++) {
      for (int point = 0; point < points; point++) {
        places[channel * points + point] = point * channels + channel;
      }
    }
    return new FeatureOrder(places);
  }

  boolean same() {
    return places == null;
  }

  /** Rows of a matrix of DL4J's, one a number of its input, in Penstock's order. */
  INDArray rows(INDArray weights) {
    return same() ? weights : Nd4j.pullRows(weights, 1, places);
  }

  /** A vector of DL4J's, one number for each of its input, in Penstock's order. */
  INDArray vector(INDArray values) {
    return same() ? values : rows(values.reshape(values.length(), 1)).reshape(values.length());
  }
}
