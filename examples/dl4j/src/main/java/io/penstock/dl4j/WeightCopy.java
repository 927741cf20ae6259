package io.penstock.dl4j;

import io.penstock.nn.Parameters;
import java.util.Map;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Copies the weights of one layer, in one of the two directions. */
@FunctionalInterface
interface WeightCopy {
  /** For a layer without weights. */
  WeightCopy NONE = (dl4j, ours) -> {};

  /**
   * @param dl4j DL4J's arrays by name, live views
   * @param ours Penstock's
   */
  void copy(Map<String, INDArray> dl4j, Parameters ours);

  /** Copies the numbers of one array into another of as many. */
  static void assign(INDArray to, INDArray from) {
    if (to.length() != from.length()) {
      throw new IllegalArgumentException(
          "Weights of length "
              + from.length()
              + " do not fit an array of length "
              + to.length()
              + "; the file does not fit its own description.");
    }
    INDArray same = to.rank() == from.rank() ? from : from.reshape(to.shape());
    to.assign(same.castTo(to.dataType()));
  }
}
