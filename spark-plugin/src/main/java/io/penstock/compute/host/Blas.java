package io.penstock.compute.host;

import static org.bytedeco.openblas.global.openblas_nolapack.CblasColMajor;
import static org.bytedeco.openblas.global.openblas_nolapack.CblasNoTrans;
import static org.bytedeco.openblas.global.openblas_nolapack.CblasTrans;
import static org.bytedeco.openblas.global.openblas_nolapack.cblas_sgemm;

import org.bytedeco.javacpp.FloatPointer;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Products of dense matrices by OpenBLAS at once: ND4J's operation leaves garbage on the heap at
 * every call, and copies a result that lies row by row.
 */
final class Blas {
  private Blas() {}

  /** {@code c = a · b + beta · c}, with {@code a} or {@code b} transposed first if so said. */
  static void gemm(
      INDArray a, boolean transposeA, INDArray b, boolean transposeB, INDArray c, double beta) {
    if (isByColumns(c)) {
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
  static FloatPointer pointer(INDArray array, long at) {
    FloatPointer memory = (FloatPointer) array.data().pointer();
    long offset = array.offset() + at;
    return offset == 0 ? memory : memory.getPointer(offset);
  }
}
