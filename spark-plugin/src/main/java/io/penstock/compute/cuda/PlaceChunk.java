package io.penstock.compute.cuda;

import io.penstock.compute.Axis;
import io.penstock.compute.Geometry;
import java.util.function.Consumer;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Chunk of a convolution's places whose columns, the numbers under the window at each of them, fit
 * into scratch memory: some whole pictures, or where one is too much some places of one. Chunks
 * follow from the shape alone, not from what memory is free, for gradients of weights are added up
 * chunk by chunk. Immutable.
 *
 * @param picture the first
 * @param pictures how many
 * @param place the first of each picture, counted row by row
 * @param places how many of each picture
 */
record PlaceChunk(Geometry geometry, long picture, long pictures, long place, long places) {
  /** The most numbers that a chunk has in columns: 64 MiB. */
  static final long MOST = 16L << 20;

  /**
   * Does something with each chunk of all places, in ascending order.
   *
   * @param lines how many numbers each place takes
   */
  static void forEach(Geometry geometry, long lines, Consumer<PlaceChunk> task) {
    long all = all(geometry);
    long pictures = Math.max(1, MOST / Math.max(1, lines * all));
    long places = lines * all <= MOST ? all : Math.max(1, MOST / lines);
    for (long picture = 0; picture < geometry.rows(); picture += pictures) {
      for (long place = 0; place < all; place += places) {
        task.accept(
            new PlaceChunk(
                geometry,
                picture,
                Math.min(pictures, geometry.rows() - picture),
                place,
                Math.min(places, all - place)));
      }
    }
  }

  /** Returns how many places the window takes in a picture. */
  static long all(Geometry geometry) {
    return geometry.vertical().places() * geometry.horizontal().places();
  }

  /** Returns how many places there are in all of the chunk's pictures. */
  long length() {
    return pictures * places;
  }

  /** Returns where the first picture begins in an array of inputs. */
  long input() {
    return picture * points();
  }

  /** Returns how many numbers a picture has. */
  long points() {
    return geometry.channels() * geometry.vertical().length() * geometry.horizontal().length();
  }

  /** Returns how many numbers are under the window. */
  long under() {
    return geometry.channels() * geometry.vertical().window() * geometry.horizontal().window();
  }

  /** Returns whether pictures lie as columns do: where the window is one number at every place. */
  boolean isPointwise() {
    return isOne(geometry.vertical()) && isOne(geometry.horizontal());
  }

  private static boolean isOne(Axis axis) {
    return axis.equals(new Axis(axis.length(), 1, 1, 0, 0));
  }

  /**
   * Returns the chunk's part of an array {@code [rows, channels, places]} as matrices, one for each
   * picture.
   */
  Operand of(INDArray array, long channels) {
    long one = channels * all(geometry);
    return new Operand(
        array, picture * one + place, channels, places, all(geometry), false, 0, one);
  }

  /** Returns the chunk's columns as matrices, one for each picture. */
  Operand columns(INDArray columns) {
    return new Operand(columns, 0, under(), places, length(), false, 0, places);
  }

  /** Returns all pictures of the chunk as one matrix, of so many lines. */
  Operand lines(INDArray lines, long count) {
    return new Operand(lines, 0, count, length(), length(), false, 0, 0);
  }
}
