package io.penstock.nn.layer;

import static org.bytedeco.openblas.global.openblas_nolapack.CblasNoTrans;
import static org.bytedeco.openblas.global.openblas_nolapack.CblasRowMajor;
import static org.bytedeco.openblas.global.openblas_nolapack.CblasTrans;
import static org.bytedeco.openblas.global.openblas_nolapack.cblas_sgemm;

import io.penstock.compute.host.Blas;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * One matrix for every head of every row, {@code [height, width]} each, somewhere in an array.
 *
 * @param array holds them all
 * @param at where the first matrix begins, in numbers from the array's first
 * @param rowStep from a matrix to that of the next row
 * @param headStep from a matrix to that of the next head
 * @param leading from a matrix's line to its next; its numbers lie side by side
 */
record Heads(
    INDArray array,
    long at,
    long rows,
    long rowStep,
    long heads,
    long headStep,
    long height,
    long width,
    long leading) {

  /** {@code [rows, heads, height, width]}, densely. */
  static Heads dense(INDArray array) {
    long height = array.size(2);
    long width = array.size(3);
    long heads = array.size(1);
    long one = height * width;
    return new Heads(array, 0, array.size(0), heads * one, heads, one, height, width, width);
  }

  /**
   * Those side by side in vectors.
   *
   * @param vectors {@code [rows · length, many]}, densely in 'c' order
   * @param from the first head's first number
   * @param width of a head
   */
  static Heads of(INDArray vectors, long from, long rows, long heads, long width) {
    long length = vectors.size(0) / rows;
    long many = vectors.size(1);
    return new Heads(vectors, from, rows, length * many, heads, width, length, width, many);
  }

  /** Sets each of these to {@code factor · a · b}, with one of them transposed first if so said. */
  void product(Heads a, boolean transposeA, Heads b, boolean transposeB, double factor) {
    for (long row = 0; row < rows; row++) {
      for (long head = 0; head < heads; head++) {
        if (Blas.isDirect(array)) {
          cblas_sgemm(
              CblasRowMajor,
              transposeA ? CblasTrans : CblasNoTrans,
              transposeB ? CblasTrans : CblasNoTrans,
              (int) height,
              (int) width,
              (int) (transposeA ? a.height : a.width),
              (float) factor,
              Blas.pointer(a.array, a.place(row, head)),
              (int) a.leading,
              Blas.pointer(b.array, b.place(row, head)),
              (int) b.leading,
              0,
              Blas.pointer(array, place(row, head)),
              (int) leading);
        } else {
          INDArray left = a.matrix(row, head).dup('f');
          INDArray right = b.matrix(row, head).dup('f');
          matrix(row, head).assign(Nd4j.gemm(left, right, transposeA, transposeB).muli(factor));
        }
      }
    }
  }

  private long place(long row, long head) {
    return at + row * rowStep + head * headStep;
  }

  private INDArray matrix(long row, long head) {
    return Nd4j.create(
        array.data(),
        new long[] {height, width},
        new long[] {leading, 1},
        array.offset() + place(row, head),
        'c');
  }
}
