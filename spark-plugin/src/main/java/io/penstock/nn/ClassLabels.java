package io.penstock.nn;

import io.penstock.Amount;
import io.penstock.Internal;
import io.penstock.array.Numbers;
import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Labels of a micro-batch as class ids: one for each row, or one for each place of a sequence,
 * where a negative one is padding. For one thread.
 *
 * @param ids {@code [rows, places]}
 * @param places of a row
 * @param padded whether there may be padding
 * @param classes how many there are
 */
@Internal
public record ClassLabels(Numbers ids, long places, boolean padded, int classes) {

  /**
   * Reads the labels of these outputs.
   *
   * @param output {@code [rows, any]}, or {@code [rows, length, any]} for a sequence
   * @param classes how many there are
   * @throws ShapeException if there are more labels, or fewer
   */
  public static ClassLabels of(INDArray output, INDArray labels, int classes) {
    boolean sequence = output.rank() > 2;
    long rows = output.size(0);
    long places = sequence ? output.size(1) : 1;
    if (labels.rank() != 2 || labels.size(0) != rows || labels.size(1) != places) {
      throw new ShapeException(
          "softmaxCrossEntropy takes labels of shape "
              + Arrays.toString(new long[] {rows, places})
              + ", one class id for each row or each place of a sequence, but these have shape "
              + Arrays.toString(labels.shape())
              + ".");
    }
    return new ClassLabels(Numbers.of(labels), places, sequence, classes);
  }

  /** Returns how many labels there are, padding among them. */
  public long count() {
    return ids.array().length();
  }

  /** Returns the row that a label belongs to. */
  public long row(long place) {
    return place / places;
  }

  /**
   * Returns the class of a label, or less than 0 for padding.
   *
   * @throws IllegalArgumentException if it is neither
   */
  public int at(long place) {
    double label = ids.get(place);
    int id = (int) label;
    if (id != label || (label < 0 && !padded) || label >= classes) {
      throw new IllegalArgumentException(
          "The label "
              + label
              + " in row "
              + row(place)
              + " is no class id: with "
              + new Amount(classes, "output")
              + " they are 0 to "
              + (classes - 1)
              + ". Index the labels, or give the last layer more outputs.");
    }
    return id;
  }
}
