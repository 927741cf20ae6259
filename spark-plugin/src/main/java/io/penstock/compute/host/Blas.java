package io.penstock.compute.host;

import static org.bytedeco.openblas.global.openblas_nolapack.CblasColMajor;
import static org.bytedeco.openblas.global.openblas_nolapack.CblasNoTrans;
import static org.bytedeco.openblas.global.openblas_nolapack.CblasTrans;
import static org.bytedeco.openblas.global.openblas_nolapack.cblas_saxpy;
import static org.bytedeco.openblas.global.openblas_nolapack.cblas_scopy;
import static org.bytedeco.openblas.global.openblas_nolapack.cblas_sdot;
import static org.bytedeco.openblas.global.openblas_nolapack.cblas_sgemm;
import static org.bytedeco.openblas.global.openblas_nolapack.cblas_sgemv;
import static org.bytedeco.openblas.global.openblas_nolapack.cblas_sger;
import static org.bytedeco.openblas.global.openblas_nolapack.cblas_sscal;

import io.penstock.array.NativeArrays;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Products of dense matrices. Single precision on a CPU goes to OpenBLAS at once: ND4J's operation
 * leaves garbage on the heap at every call, and copies a result that lies row by row.
 */
public final class Blas {
  /** So many numbers are counted at once, which an int holds. */
  private static final long CHUNK = 1 << 30;

  private Blas() {}

  /** {@code c = a · b + beta · c}, with {@code a} or {@code b} transposed first if so said. */
  public static void gemm(
      INDArray a, boolean transposeA, INDArray b, boolean transposeB, INDArray c, double beta) {
    if (!isDirect(a)) {
      Nd4j.gemm(a, b, c, transposeA, transposeB, 1, beta);
    } else if (isByColumns(c)) {
      columns(a, transposeA, b, transposeB, c, c.size(0), c.size(1), (float) beta);
    } else {
      // Row by row means transposed to BLAS, and (a · b)ᵀ is bᵀ · aᵀ.
      columns(b, !transposeB, a, !transposeA, c, c.size(1), c.size(0), (float) beta);
    }
  }

  private static void columns(
      INDArray a,
      boolean transposeA,
      INDArray b,
      boolean transposeB,
      INDArray c,
      long rows,
      long columns,
      float beta) {
    long inner = transposeA ? a.size(0) : a.size(1);
    cblas_sgemm(
        CblasColMajor,
        transpose(a, transposeA),
        transpose(b, transposeB),
        (int) rows,
        (int) columns,
        (int) inner,
        1,
        pointer(a),
        leading(a),
        pointer(b),
        leading(b),
        beta,
        pointer(c),
        (int) rows);
  }

  /** Adds a vector to every row of a matrix in 'c' order; {@code ones} are as many as rows. */
  public static void addToRows(INDArray matrix, INDArray vector, INDArray ones) {
    if (isDirect(matrix)) {
      // As an outer product: ten times faster than ND4J's broadcast.
      int width = (int) matrix.size(1);
      cblas_sger(
          CblasColMajor,
          width,
          (int) matrix.size(0),
          1,
          pointer(vector),
          1,
          pointer(ones),
          1,
          pointer(matrix),
          width);
    } else {
      matrix.addiRowVector(vector);
    }
  }

  /** Adds every row of a matrix in 'c' order to a vector; {@code ones} are as many as rows. */
  public static void addRows(INDArray vector, INDArray matrix, INDArray ones) {
    if (isDirect(matrix)) {
      int width = (int) matrix.size(1);
      cblas_sgemv(
          CblasColMajor,
          CblasNoTrans,
          width,
          (int) matrix.size(0),
          1,
          pointer(matrix),
          width,
          pointer(ones),
          1,
          1,
          pointer(vector),
          1);
    } else {
      vector.addi(matrix.sum(0));
    }
  }

  /** Copies so many numbers that follow each other in memory. */
  public static void copy(INDArray from, long fromAt, INDArray to, long toAt, long count) {
    if (isDirect(from)) {
      cblas_scopy((int) count, pointer(from, fromAt), 1, pointer(to, toAt), 1);
    } else {
      view(to, toAt, count).assign(view(from, fromAt, count));
    }
  }

  /** Adds so many numbers that follow each other in memory to others. */
  public static void add(INDArray from, long fromAt, INDArray to, long toAt, long count) {
    if (isDirect(from)) {
      cblas_saxpy((int) count, 1, pointer(from, fromAt), 1, pointer(to, toAt), 1);
    } else {
      view(to, toAt, count).addi(view(from, fromAt, count));
    }
  }

  /** Takes an array's numbers from another's; both lie densely in one order. */
  public static void subtract(INDArray from, INDArray to) {
    if (isDirect(from) && isCounted(from)) {
      cblas_saxpy((int) from.length(), -1, pointer(from), 1, pointer(to), 1);
    } else {
      to.subi(from);
    }
  }

  /** Multiplies the numbers of an array that lies densely. */
  public static void scale(INDArray array, double factor) {
    if (isDirect(array) && isCounted(array)) {
      cblas_sscal((int) array.length(), (float) factor, pointer(array), 1);
    } else {
      array.muli(factor);
    }
  }

  /** Sets the numbers of an array that lies densely to zero. */
  public static void clear(INDArray array) {
    if (isDirect(array)) {
      Pointer.memset(pointer(array), 0, array.length() * Float.BYTES);
    } else {
      array.assign(0);
    }
  }

  /**
   * Whether the squares of all numbers together are a finite float. If so, then no number is NaN or
   * infinite; if not, one may be, or is too large to be squared.
   */
  public static boolean squaresAreFinite(INDArray array) {
    if (array.isEmpty()) {
      return true;
    }
    if (!isDirect(array)
        || !(NativeArrays.isDense(array, 'c') || NativeArrays.isDense(array, 'f'))) {
      return Double.isFinite(array.norm2Number().doubleValue());
    }
    float sum = 0;
    for (long at = 0; at < array.length(); at += CHUNK) {
      FloatPointer some = pointer(array, at);
      sum += cblas_sdot((int) Math.min(CHUNK, array.length() - at), some, 1, some, 1);
    }
    return Float.isFinite(sum);
  }

  /** So many of an array's numbers that follow each other in memory, live. */
  public static INDArray view(INDArray array, long at, long count) {
    return Nd4j.create(array.data(), new long[] {count}, new long[] {1}, array.offset() + at, 'c');
  }

  /** Whether the numbers lie where OpenBLAS can have them. */
  public static boolean isDirect(INDArray array) {
    return array.dataType() == DataType.FLOAT && Nd4j.getEnvironment().isCPU();
  }

  /** Whether OpenBLAS can count so many numbers. */
  private static boolean isCounted(INDArray array) {
    return array.length() <= Integer.MAX_VALUE;
  }

  private static int transpose(INDArray array, boolean transposed) {
    return transposed == isByColumns(array) ? CblasTrans : CblasNoTrans;
  }

  private static int leading(INDArray array) {
    return (int) array.size(isByColumns(array) ? 0 : 1);
  }

  /**
   * Whether a matrix lies column by column. A single row or column lies so and row by row at once;
   * it always counts as the latter, for OpenBLAS sums in another order where it is told otherwise.
   */
  private static boolean isByColumns(INDArray matrix) {
    return matrix.ordering() == 'f' && matrix.size(0) != 1 && matrix.size(1) != 1;
  }

  static FloatPointer pointer(INDArray array) {
    return pointer(array, 0);
  }

  /** A number of the array, counted in memory from its first one. */
  public static FloatPointer pointer(INDArray array, long at) {
    FloatPointer memory = (FloatPointer) array.data().pointer();
    long offset = array.offset() + at;
    return offset == 0 ? memory : memory.getPointer(offset);
  }
}
