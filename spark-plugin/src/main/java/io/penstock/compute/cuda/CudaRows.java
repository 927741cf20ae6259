package io.penstock.compute.cuda;

import io.penstock.array.NativeArrays;
import io.penstock.compute.Rows;
import io.penstock.compute.Vectors;
import java.util.Arrays;
import java.util.Locale;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Operations on rows by kernels of ours: {@code rows.cu}, {@code sums.cu}. For one thread. */
final class CudaRows implements Rows {
  /** Numbers that a thread takes, as in {@code numbers.h}. */
  private static final int SHARE = 4;

  private final Launcher launcher;

  CudaRows(Launcher launcher) {
    this.launcher = launcher;
  }

  /** Returns how many threads take so many numbers. */
  static long shares(long count) {
    return (count + SHARE - 1) / SHARE;
  }

  @Override
  public void addToEach(INDArray matrix, INDArray vector, long width) {
    launcher
        .kernel("add_to_each")
        .array(matrix)
        .array(vector)
        .whole(matrix.length())
        .whole(width)
        .each(shares(matrix.length()));
  }

  @Override
  public void addUp(INDArray matrix, INDArray vector, long width) {
    long rows = matrix.length() / width;
    SumShape shape = SumShape.of(rows, width);
    if (shape.parts() == 1) {
      addUp(matrix, vector, rows, width, shape, true);
    } else {
      INDArray parts = launcher.scratch(0, shape.parts() * width);
      addUp(matrix, parts, rows, width, shape, false);
      SumShape rest = SumShape.whole(shape.parts(), width);
      addUp(parts, vector, shape.parts(), width, rest, true);
    }
  }

  /**
   * Adds up a matrix by columns.
   *
   * @param sums {@code [parts, width]}
   * @param more whether to add to the sums, rather than to overwrite them
   */
  private void addUp(
      INDArray matrix, INDArray sums, long rows, long width, SumShape shape, boolean more) {
    launcher
        .kernel("add_up")
        .array(matrix)
        .array(sums)
        .whole(rows)
        .whole(width)
        .whole(shape.rowsOfPart())
        .choice(shape.across())
        .choice(more ? 1 : 0)
        .blocks(shape.blocks() * shape.parts(), SumShape.LINE);
  }

  @Override
  public void copy(INDArray from, long fromAt, INDArray to, long toAt, long count) {
    launcher
        .kernel("copy_numbers")
        .array(from, fromAt)
        .array(to, toAt)
        .whole(count)
        .each(shares(count));
  }

  @Override
  public void add(INDArray from, long fromAt, INDArray to, long toAt, long count) {
    launcher
        .kernel("add_numbers")
        .array(to, toAt)
        .array(from, fromAt)
        .array(to, toAt)
        .whole(count)
        .each(shares(count));
  }

  @Override
  public void add(INDArray a, INDArray b, INDArray sum) {
    combine("add_numbers", a, b, sum);
  }

  @Override
  public void multiply(INDArray a, INDArray b, INDArray product) {
    combine("multiply_numbers", a, b, product);
  }

  private void combine(String kernel, INDArray a, INDArray b, INDArray result) {
    char order = order(result);
    require(a, order);
    require(b, order);
    launcher
        .kernel(kernel)
        .array(a)
        .array(b)
        .array(result)
        .whole(result.length())
        .each(shares(result.length()));
  }

  @Override
  public void mask(long key, double probability, INDArray mask) {
    require(mask, 'c');
    // A uniform number is a whole one times 2^-53: it is below the probability if that is.
    launcher
        .kernel("mask_numbers")
        .array(mask)
        .whole(key)
        .whole((long) Math.ceil(probability * 0x1p53))
        .number(1 / (1 - probability))
        .whole(mask.length())
        .each(shares(mask.length()));
  }

  @Override
  public void lookUp(INDArray table, int[] ids, INDArray rows) {
    if (ids.length == 0) {
      return;
    }
    long width = table.size(0);
    INDArray places = launcher.upload(0, ids);
    launcher
        .kernel("look_up_rows")
        .array(table)
        .array(places)
        .array(rows)
        .whole(ids.length * width)
        .whole(width)
        .each(shares(ids.length * width));
  }

  @Override
  public void put(INDArray rows, int[] ids, INDArray table) {
    if (ids.length == 0) {
      return;
    }
    long width = table.size(0);
    INDArray places = launcher.upload(0, ids);
    launcher
        .kernel("put_rows")
        .array(rows)
        .array(places)
        .array(table)
        .whole(ids.length * width)
        .whole(width)
        .each(shares(ids.length * width));
  }

  @Override
  public void copyColumns(INDArray from, long fromAt, INDArray to, long toAt, long width) {
    require(from, 'c');
    require(to, 'c');
    long count = Vectors.count(from) * width;
    launcher
        .kernel("copy_columns")
        .array(from, fromAt)
        .array(to, toAt)
        .whole(count)
        .whole(width)
        .whole(Vectors.width(from))
        .whole(Vectors.width(to))
        .each(shares(count));
  }

  @Override
  public void addToSome(INDArray matrices, int[] which, float[] vectors) {
    if (which.length == 0) {
      return;
    }
    require(matrices, 'c');
    long width = Vectors.width(matrices);
    long size = matrices.length() / matrices.size(0);
    INDArray of = launcher.upload(0, which);
    INDArray added = launcher.upload(1, vectors);
    launcher
        .kernel("add_to_some")
        .array(matrices)
        .array(of)
        .array(added)
        .whole(which.length * size)
        .whole(size / width)
        .whole(width)
        .each(shares(which.length * size));
  }

  @Override
  public void addZero(INDArray array) {
    order(array);
    launcher
        .kernel("add_number")
        .array(array)
        .number(0)
        .whole(array.length())
        .each(shares(array.length()));
  }

  @Override
  public void addAt(INDArray rows, int[] ids, INDArray table) {
    RowsOfIds sorted = RowsOfIds.of(ids);
    if (sorted.count() == 0) {
      return;
    }
    long width = table.size(0);
    INDArray places = launcher.upload(0, sorted.numbers());
    launcher
        .kernel("add_at_rows")
        .array(rows)
        .array(places, sorted.rowsAt())
        .array(places)
        .array(places, sorted.idsAt())
        .array(table)
        .whole(sorted.count())
        .whole(width)
        .each(sorted.count() * width);
  }

  @Override
  public void swap(INDArray from, INDArray to) {
    require(from, 'c');
    require(to, 'c');
    launcher
        .kernel("swap_rows")
        .array(from)
        .array(to)
        .whole(from.size(0))
        .whole(from.size(1))
        .whole(from.size(2))
        .each(shares(from.length()));
  }

  @Override
  public void clear(INDArray array, long at, long count) {
    launcher.kernel("fill_numbers").array(array, at).number(0).whole(count).each(shares(count));
  }

  @Override
  public void fill(INDArray array, double value) {
    order(array);
    launcher
        .kernel("fill_numbers")
        .array(array)
        .number(value)
        .whole(array.length())
        .each(shares(array.length()));
  }

  @Override
  public void scale(INDArray array, double factor) {
    order(array);
    launcher
        .kernel("scale_numbers")
        .array(array)
        .number(factor)
        .whole(array.length())
        .each(shares(array.length()));
  }

  @Override
  public boolean squaresAreFinite(INDArray array) {
    if (array.isEmpty()) {
      return true;
    }
    order(array);
    SumShape shape = SumShape.of(array.length());
    INDArray parts = launcher.scratch(0, shape.parts());
    INDArray sum = launcher.scratch(1, 1);
    squares("add_up_squares", array, parts, shape);
    addUp(parts, sum, shape.parts(), 1, SumShape.whole(shape.parts(), 1), false);
    return Float.isFinite(launcher.download(sum)[0]);
  }

  @Override
  public void markNotFinite(INDArray array, INDArray mark) {
    order(array);
    launcher
        .kernel("mark_not_finite")
        .array(array)
        .array(mark)
        .whole(array.length())
        .each(shares(array.length()));
  }

  @Override
  public double sumOfSquares(INDArray array) {
    if (array.isEmpty()) {
      return 0;
    }
    order(array);
    SumShape shape = SumShape.of(array.length());
    INDArray parts = launcher.scratch(0, 2 * shape.parts());
    INDArray sum = launcher.scratch(1, 2);
    squares("add_up_squares_precisely", array, parts, shape);
    launcher
        .kernel("add_up_precisely")
        .array(parts)
        .array(sum)
        .whole(shape.parts())
        .blocks(1, SumShape.LINE);
    float[] halves = launcher.download(sum); // of a double: the lower bits come first
    long lower = Integer.toUnsignedLong(Float.floatToRawIntBits(halves[0]));
    long upper = Float.floatToRawIntBits(halves[1]);
    return Double.longBitsToDouble(upper << Integer.SIZE | lower);
  }

  private void squares(String kernel, INDArray array, INDArray parts, SumShape shape) {
    launcher
        .kernel(kernel)
        .array(array)
        .array(parts)
        .whole(array.length())
        .whole(shape.rowsOfPart())
        .blocks(shape.parts(), SumShape.LINE);
  }

  /** Returns the order in which an array lies densely. */
  private static char order(INDArray array) {
    if (NativeArrays.isDense(array, 'c')) {
      return 'c';
    }
    require(array, 'f');
    return 'f';
  }

  private static void require(INDArray array, char order) {
    if (!NativeArrays.isDense(array, order)) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "An array of shape %s with strides %s does not lie densely in '%s' order, as this"
                  + " kernel reads it; give it a dense copy.",
              Arrays.toString(array.shape()),
              Arrays.toString(array.stride()),
              order));
    }
  }
}
