package io.penstock.compute.cuda;

import io.penstock.compute.Axis;
import io.penstock.compute.Geometry;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Kernels around a convolution's products: they lay chunks of pictures out as matrices in scratch
 * memory, and add such up into pictures. For one thread.
 */
final class ColumnKernels {
  /** Slots of scratch memory. */
  private static final int COLUMNS = 0;

  private static final int LINES = 1;

  /** Numbers that one block adds up of a bias's gradient. */
  private static final long PART = 1 << 14;

  /** Threads that add up one part. */
  private static final int THREADS = 256;

  private final Launcher launcher;

  ColumnKernels(Launcher launcher) {
    this.launcher = launcher;
  }

  /** Returns room for a chunk's columns. */
  INDArray room(PlaceChunk chunk) {
    return launcher.scratch(COLUMNS, chunk.under() * chunk.length());
  }

  /** Lays the numbers under the window out as columns. */
  INDArray columns(PlaceChunk chunk, INDArray input) {
    INDArray columns = room(chunk);
    Geometry geometry = chunk.geometry();
    Axis v = geometry.vertical();
    Axis h = geometry.horizontal();
    launcher
        .kernel("windows_to_columns")
        .array(input, chunk.input())
        .array(columns)
        .whole(columns.length())
        .whole(chunk.length())
        .whole(chunk.places())
        .whole(chunk.place())
        .whole(geometry.channels())
        .whole(v.length())
        .whole(h.length())
        .whole(v.window())
        .whole(v.stride())
        .whole(v.before())
        .whole(h.stride())
        .whole(h.before())
        .whole(h.places())
        .each(columns.length());
    return columns;
  }

  /**
   * Adds columns up into the numbers that lie under the window; a picture's first chunk overwrites
   * it.
   */
  void addUp(PlaceChunk chunk, INDArray columns, INDArray pictures) {
    Geometry geometry = chunk.geometry();
    Axis v = geometry.vertical();
    Axis h = geometry.horizontal();
    long count = chunk.pictures() * chunk.points();
    launcher
        .kernel("columns_to_windows")
        .array(columns)
        .array(pictures, chunk.input())
        .whole(count)
        .whole(chunk.length())
        .whole(chunk.places())
        .whole(chunk.place())
        .whole(geometry.channels())
        .whole(v.length())
        .whole(h.length())
        .whole(v.window())
        .whole(h.window())
        .whole(v.stride())
        .whole(v.before())
        .whole(h.stride())
        .whole(h.before())
        .whole(v.places())
        .whole(h.places())
        .choice(chunk.place() == 0 ? 0 : 1)
        .each(count);
  }

  /** Lays numbers at places {@code [rows, outputs, places]} out as a line for each output. */
  INDArray lines(PlaceChunk chunk, INDArray places, long outputs) {
    long all = PlaceChunk.all(chunk.geometry());
    long count = outputs * chunk.length();
    INDArray lines = launcher.scratch(LINES, count);
    launcher
        .kernel("places_to_lines")
        .array(places, chunk.picture() * outputs * all)
        .array(lines)
        .whole(count)
        .whole(chunk.length())
        .whole(chunk.places())
        .whole(chunk.place())
        .whole(outputs)
        .whole(all)
        .each(count);
    return lines;
  }

  /**
   * Adds up the numbers at all places, for each output, in parts that follow from the shape alone.
   */
  void addUpPlaces(Geometry geometry, INDArray places, INDArray sums) {
    long outputs = sums.length();
    long all = PlaceChunk.all(geometry);
    long parts = (geometry.rows() * all + PART - 1) / PART;
    INDArray room = launcher.scratch(LINES, outputs * parts);
    launcher
        .kernel("places_sum_of_part")
        .array(places)
        .array(room)
        .whole(geometry.rows())
        .whole(outputs)
        .whole(all)
        .whole(parts)
        .whole(PART)
        .blocks(outputs * parts, THREADS);
    launcher
        .kernel("places_add_parts")
        .array(room)
        .array(sums)
        .whole(outputs)
        .whole(parts)
        .each(outputs);
  }
}
