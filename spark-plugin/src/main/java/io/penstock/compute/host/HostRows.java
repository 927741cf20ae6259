package io.penstock.compute.host;

import io.penstock.array.NativeArrays;
import io.penstock.compute.Kernels;
import io.penstock.compute.Rows;
import io.penstock.compute.host.onednn.Addition;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Operations on rows by OpenBLAS and oneDNN. For one thread. */
final class HostRows implements Rows {
  private final Kernels kernels;
  private final Blas blas;

  HostRows(Kernels kernels, Blas blas) {
    this.kernels = kernels;
    this.blas = blas;
  }

  @Override
  public void addToEach(INDArray matrix, INDArray vector, long width) {
    blas.addToEach(matrix, vector, width);
  }

  @Override
  public void addUp(INDArray matrix, INDArray vector, long width) {
    blas.addUp(matrix, vector, width);
  }

  @Override
  public void copy(INDArray from, long fromAt, INDArray to, long toAt, long count) {
    blas.copy(from, fromAt, to, toAt, count);
  }

  @Override
  public void add(INDArray from, long fromAt, INDArray to, long toAt, long count) {
    blas.add(1, from, fromAt, to, toAt, count);
  }

  @Override
  public void add(INDArray a, INDArray b, INDArray sum) {
    kernels
        .get(Addition.class, sum.length(), 0, 0, 0, (length, x, y, z) -> new Addition(length))
        .run(a, b, sum);
  }

  @Override
  public void swap(INDArray from, INDArray to) {
    to.assign(from.permute(1, 0, 2));
  }

  @Override
  public void clear(INDArray array, long at, long count) {
    blas.clear(array, at, count);
  }

  @Override
  public void fill(INDArray array, double value) {
    if (value == 0) {
      blas.clear(array, 0, array.length());
    } else {
      array.assign(value);
    }
  }

  @Override
  public void scale(INDArray array, double factor) {
    blas.scale(array, 0, array.length(), factor);
  }

  @Override
  public boolean squaresAreFinite(INDArray array) {
    if (array.isEmpty()) {
      return true;
    }
    if (!(NativeArrays.isDense(array, 'c') || NativeArrays.isDense(array, 'f'))) {
      return Double.isFinite(array.norm2Number().doubleValue());
    }
    return Float.isFinite(blas.squares(array));
  }
}
