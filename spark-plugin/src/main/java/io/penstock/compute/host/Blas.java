package io.penstock.compute.host;

import static org.bytedeco.openblas.global.openblas_nolapack.CblasColMajor;
import static org.bytedeco.openblas.global.openblas_nolapack.CblasNoTrans;
import static org.bytedeco.openblas.global.openblas_nolapack.CblasRowMajor;
import static org.bytedeco.openblas.global.openblas_nolapack.CblasTrans;
import static org.bytedeco.openblas.global.openblas_nolapack.cblas_saxpy;
import static org.bytedeco.openblas.global.openblas_nolapack.cblas_scopy;
import static org.bytedeco.openblas.global.openblas_nolapack.cblas_sdot;
import static org.bytedeco.openblas.global.openblas_nolapack.cblas_sgemm;
import static org.bytedeco.openblas.global.openblas_nolapack.cblas_sgemv;
import static org.bytedeco.openblas.global.openblas_nolapack.cblas_sger;
import static org.bytedeco.openblas.global.openblas_nolapack.cblas_sscal;

import io.penstock.array.FloatPlace;
import io.penstock.compute.Matrices;
import io.penstock.compute.Vectors;
import java.lang.ref.Reference;
import org.bytedeco.javacpp.Pointer;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Direct calls of OpenBLAS, on floats of the host: ND4J's operations leave garbage on the heap at
 * every call, and copy a result that lies row by row; these leave none. An array of more than two
 * dimensions counts as the matrix of its {@link Vectors}. For one thread.
 */
final class Blas {
  /** The most numbers that one call takes, which an int holds. */
  private static final long CHUNK = 1 << 30;

  /**
   * Columns that are computed one by one: for so few, packing a matrix takes longer than reading it
   * again. Measured on Zen 4: 1×1024×1024 took 0.83 ms as a product, of which 0.2 are reading.
   */
  private static final long FEW = 3;

  private final FloatPlace first = new FloatPlace();
  private final FloatPlace second = new FloatPlace();
  private final FloatPlace third = new FloatPlace();
  private final Ones ones = new Ones();

  /**
   * Multiplies two matrices: {@code c = a · b + beta · c}, with {@code a} or {@code b} transposed
   * first if so said.
   */
  void multiply(
      INDArray a, boolean transposeA, INDArray b, boolean transposeB, INDArray c, double beta) {
    if (isByColumns(c)) {
      columns(a, transposeA, b, transposeB, c, c.size(0), c.size(1), (float) beta);
    } else {
      // Row by row means transposed to BLAS, and (a · b)ᵀ is bᵀ · aᵀ.
      columns(b, !transposeB, a, !transposeA, c, Vectors.width(c), Vectors.count(c), (float) beta);
    }
  }

  private void columns(
      INDArray a,
      boolean transposeA,
      INDArray b,
      boolean transposeB,
      INDArray c,
      long rows,
      long columns,
      float beta) {
    long inner = transposeA ? Vectors.count(a) : Vectors.width(a);
    if (inner == 1 && beta == 1) {
      addOuter(a, transposeA, b, transposeB, c, rows, columns);
    } else if (columns <= FEW) {
      for (int column = 0; column < columns; column++) {
        column(a, transposeA, b, transposeB, c, column, rows, inner, beta);
      }
    } else {
      cblas_sgemm(
          CblasColMajor,
          transpose(a, transposeA),
          transpose(b, transposeB),
          (int) rows,
          (int) columns,
          (int) inner,
          1,
          first.at(a, 0),
          leading(a),
          second.at(b, 0),
          leading(b),
          beta,
          third.at(c, 0),
          (int) rows);
    }
    Reference.reachabilityFence(a);
    Reference.reachabilityFence(b);
    Reference.reachabilityFence(c);
  }

  /** One column of a product, for which OpenBLAS's product would pack all of the matrix. */
  private void column(
      INDArray a,
      boolean transposeA,
      INDArray b,
      boolean transposeB,
      INDArray c,
      int column,
      long rows,
      long inner,
      float beta) {
    boolean byColumns = transpose(b, transposeB) == CblasNoTrans;
    int transposedA = transpose(a, transposeA);
    if (beta == 0) {
      clear(c, column * rows, rows); // what is there may be NaN
    }
    cblas_sgemv(
        CblasColMajor,
        transposedA,
        (int) (transposedA == CblasNoTrans ? rows : inner),
        (int) (transposedA == CblasNoTrans ? inner : rows),
        1,
        first.at(a, 0),
        leading(a),
        second.at(b, byColumns ? (long) column * leading(b) : column),
        byColumns ? 1 : leading(b),
        beta == 0 ? 1 : beta,
        third.at(c, column * rows),
        1);
  }

  /** Adds a column times a row. */
  private void addOuter(
      INDArray a,
      boolean transposeA,
      INDArray b,
      boolean transposeB,
      INDArray c,
      long rows,
      long columns) {
    cblas_sger(
        CblasColMajor,
        (int) rows,
        (int) columns,
        1,
        first.at(a, 0),
        transpose(a, transposeA) == CblasNoTrans ? 1 : leading(a),
        second.at(b, 0),
        transpose(b, transposeB) == CblasNoTrans ? leading(b) : 1,
        third.at(c, 0),
        (int) rows);
  }

  private static int transpose(INDArray array, boolean transposed) {
    return transposed == isByColumns(array) ? CblasTrans : CblasNoTrans;
  }

  private static int leading(INDArray array) {
    return (int) (isByColumns(array) ? array.size(0) : Vectors.width(array));
  }

  /**
   * Returns whether a matrix lies column by column. A single row or column lies so and row by row
   * at once; it always counts as the latter, for OpenBLAS sums in another order where it is told
   * otherwise.
   */
  private static boolean isByColumns(INDArray matrix) {
    return matrix.rank() == 2
        && matrix.ordering() == 'f'
        && matrix.size(0) != 1
        && matrix.size(1) != 1;
  }

  /** Multiplies two batches of matrices, one by one: {@code c = factor · a · b}. */
  void multiply(
      Matrices a, boolean transposeA, Matrices b, boolean transposeB, double factor, Matrices c) {
    for (long row = 0; row < c.rows(); row++) {
      for (long head = 0; head < c.heads(); head++) {
        cblas_sgemm(
            CblasRowMajor,
            transposeA ? CblasTrans : CblasNoTrans,
            transposeB ? CblasTrans : CblasNoTrans,
            (int) c.height(),
            (int) c.width(),
            (int) (transposeA ? a.height() : a.width()),
            (float) factor,
            first.at(a.array(), a.place(row, head)),
            (int) a.leading(),
            second.at(b.array(), b.place(row, head)),
            (int) b.leading(),
            0,
            third.at(c.array(), c.place(row, head)),
            (int) c.leading());
      }
    }
    Reference.reachabilityFence(a.array());
    Reference.reachabilityFence(b.array());
    Reference.reachabilityFence(c.array());
  }

  /**
   * Adds the first {@code width} numbers of a vector to every {@code width} numbers of a matrix.
   */
  void addToEach(INDArray matrix, INDArray vector, long width) {
    // As an outer product: ten times faster than ND4J's broadcast.
    int count = (int) (matrix.length() / width);
    cblas_sger(
        CblasColMajor,
        (int) width,
        count,
        1,
        first.at(vector, 0),
        1,
        ones.of(count),
        1,
        second.at(matrix, 0),
        (int) width);
    Reference.reachabilityFence(matrix);
    Reference.reachabilityFence(vector);
  }

  /** Adds a number to each of {@code count} numbers that follow each other. */
  void addToEach(double number, INDArray to, long at, int count) {
    cblas_saxpy(count, (float) number, ones.of(count), 1, first.at(to, at), 1);
    Reference.reachabilityFence(to);
  }

  /** Adds every {@code width} numbers of a matrix to the first {@code width} of a vector. */
  void addUp(INDArray matrix, INDArray vector, long width) {
    int count = (int) (matrix.length() / width);
    cblas_sgemv(
        CblasColMajor,
        CblasNoTrans,
        (int) width,
        count,
        1,
        first.at(matrix, 0),
        (int) width,
        ones.of(count),
        1,
        1,
        second.at(vector, 0),
        1);
    Reference.reachabilityFence(matrix);
    Reference.reachabilityFence(vector);
  }

  /** Copies {@code count} numbers that follow each other. */
  void copy(INDArray from, long fromAt, INDArray to, long toAt, long count) {
    for (long at = 0; at < count; at += CHUNK) {
      cblas_scopy(chunk(count - at), first.at(from, fromAt + at), 1, second.at(to, toAt + at), 1);
    }
    Reference.reachabilityFence(from);
    Reference.reachabilityFence(to);
  }

  /** Adds {@code count} numbers that follow each other, times a factor, to others. */
  void add(double factor, INDArray from, long fromAt, INDArray to, long toAt, long count) {
    for (long at = 0; at < count; at += CHUNK) {
      cblas_saxpy(
          chunk(count - at),
          (float) factor,
          first.at(from, fromAt + at),
          1,
          second.at(to, toAt + at),
          1);
    }
    Reference.reachabilityFence(from);
    Reference.reachabilityFence(to);
  }

  /** Sets {@code count} numbers that follow each other to zero. */
  void clear(INDArray array, long at, long count) {
    Pointer.memset(first.at(array, at), 0, count * Float.BYTES);
    Reference.reachabilityFence(array);
  }

  /** Multiplies {@code count} numbers that follow each other. */
  void scale(INDArray array, long from, long count, double factor) {
    for (long at = 0; at < count; at += CHUNK) {
      cblas_sscal(chunk(count - at), (float) factor, first.at(array, from + at), 1);
    }
    Reference.reachabilityFence(array);
  }

  /** The sum of the squares of all numbers of a dense array. */
  float squares(INDArray array) {
    float sum = 0;
    for (long at = 0; at < array.length(); at += CHUNK) {
      FloatPlace some = first.at(array, at);
      sum += cblas_sdot(chunk(array.length() - at), some, 1, some, 1);
    }
    Reference.reachabilityFence(array);
    return sum;
  }

  private static int chunk(long left) {
    return (int) Math.min(CHUNK, left);
  }

  /** Frees scratch memory. */
  void clear() {
    ones.clear();
  }
}
