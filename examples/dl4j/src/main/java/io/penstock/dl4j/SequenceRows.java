package io.penstock.dl4j;

import io.penstock.nn.Shape;
import org.deeplearning4j.nn.conf.RNNFormat;

/**
 * Rows of two dimensions, in both libraries. DL4J's are {@code [channels, length]} or {@code
 * [length, channels]}, whatever layer has them.
 *
 * @param axes what Penstock's dimensions mean
 * @param format DL4J's order; null if it is not known
 * @param stepByStep whether DL4J has each step in a row of its own, for layers that know no time
 */
record SequenceRows(Axes axes, RNNFormat format, boolean stepByStep) {
  /** What is known of a network's input. */
  static final SequenceRows UNKNOWN = new SequenceRows(Axes.UNKNOWN, null, false);

  /** DL4J's order; files of old versions do not name it. */
  static RNNFormat format(RNNFormat named) {
    return named == null ? RNNFormat.NCW : named;
  }

  /**
   * What is known once a layer says what it takes.
   *
   * @throws UnsupportedLayerException if the rows at this point are not that
   */
  SequenceRows expect(Source source, Shape shape, Axes wanted, RNNFormat order) {
    if (shape.rank() != 2) {
      throw source.refuse(
          "it takes rows of "
              + wanted.dims()
              + " but gets "
              + shape
              + "; give the shape of the network's input rows, such as Shape.of(20, 8).");
    }
    if (axes != Axes.UNKNOWN && axes != wanted) {
      throw source.refuse(
          "it takes rows of "
              + wanted.dims()
              + " but gets "
              + axes.dims()
              + ", and Penstock has no layer that swaps the two.");
    }
    if (stepByStep || (format != null && format != order)) {
      throw source.refuse(
          "it takes "
              + order
              + (stepByStep ? " but gets a row for each step" : " but gets " + format)
              + ", which DL4J does not compute either; give all layers one data format.");
    }
    return new SequenceRows(wanted, order, false);
  }

  SequenceRows stepByStep(boolean apart) {
    return new SequenceRows(axes, format, apart);
  }

  /**
   * Whether DL4J has the two dimensions the other way round.
   *
   * @throws UnsupportedLayerException if that is not known
   */
  boolean swapped(Source source) {
    if (axes == Axes.UNKNOWN || stepByStep) {
      throw source.refuse(
          "rows of two dimensions are flattened before a layer that tells what they are; give the"
              + " network flat rows.");
    }
    return (axes == Axes.SEQUENCE) != (format == RNNFormat.NWC);
  }
}
