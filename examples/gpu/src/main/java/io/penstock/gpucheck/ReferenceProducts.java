package io.penstock.gpucheck;

import io.penstock.compute.Matrices;
import io.penstock.compute.Products;
import io.penstock.compute.Vectors;
import io.penstock.compute.Weights;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Matrix products in double precision, each number one sum in ascending order. Stateless. */
final class ReferenceProducts implements Products {
  /** A matrix by its steps from row to row and from column to column. */
  private record Matrix(
      Doubles numbers, long at, int rows, int columns, long rowStep, long columnStep) {
    static Matrix of(INDArray array) {
      int rows = Math.toIntExact(Vectors.count(array));
      int columns = Math.toIntExact(Vectors.width(array));
      boolean byColumns = array.rank() == 2 && array.ordering() == 'f';
      return new Matrix(
          Doubles.of(array), 0, rows, columns, byColumns ? 1 : columns, byColumns ? rows : 1);
    }

    static Matrix of(Matrices all, long row, long head) {
      return new Matrix(
          Doubles.of(all.array()),
          all.place(row, head),
          (int) all.height(),
          (int) all.width(),
          all.leading(),
          1);
    }

    Matrix transposed(boolean really) {
      return really ? new Matrix(numbers, at, columns, rows, columnStep, rowStep) : this;
    }

    long place(int row, int column) {
      return at + row * rowStep + column * columnStep;
    }

    /** Copies it to the heap row by row. */
    double[] copy() {
      double[] copy = new double[rows * columns];
      for (int i = 0; i < copy.length; i++) {
        copy[i] = numbers.get(place(i / columns, i % columns));
      }
      return copy;
    }
  }

  @Override
  public void rows(
      INDArray input,
      Weights weights,
      String name,
      boolean transposed,
      INDArray bias,
      INDArray output) {
    Matrix matrix = Matrix.of(weights.get(name)).transposed(transposed);
    multiply(Matrix.of(input), matrix, 1, 0, Matrix.of(output), Doubles.orNull(bias));
  }

  @Override
  public void weightGradient(INDArray input, INDArray outputGradient, INDArray sum) {
    multiply(input, true, outputGradient, false, sum, 1);
  }

  @Override
  public void multiply(
      INDArray a, boolean transposeA, INDArray b, boolean transposeB, INDArray c, double beta) {
    multiply(
        Matrix.of(a).transposed(transposeA),
        Matrix.of(b).transposed(transposeB),
        1,
        beta,
        Matrix.of(c),
        null);
  }

  @Override
  public void multiply(
      Matrices a, boolean transposeA, Matrices b, boolean transposeB, double factor, Matrices c) {
    for (long row = 0; row < c.rows(); row++) {
      for (long head = 0; head < c.heads(); head++) {
        multiply(
            Matrix.of(a, row, head).transposed(transposeA),
            Matrix.of(b, row, head).transposed(transposeB),
            factor,
            0,
            Matrix.of(c, row, head),
            null);
      }
    }
  }

  private static void multiply(
      Matrix a, Matrix b, double factor, double beta, Matrix c, Doubles bias) {
    int inner = a.columns();
    double[] left = a.copy();
    double[] right = b.transposed(true).copy();
    IntStream.range(0, c.rows())
        .parallel()
        .forEach(
            row -> {
              for (int column = 0; column < c.columns(); column++) {
                double sum = 0;
                for (int k = 0; k < inner; k++) {
                  sum += left[row * inner + k] * right[column * inner + k];
                }
                long place = c.place(row, column);
                double before = beta == 0 ? 0 : beta * c.numbers().get(place);
                double added = bias == null ? 0 : bias.get(column);
                c.numbers().put(place, factor * sum + before + added);
              }
            });
  }
}
