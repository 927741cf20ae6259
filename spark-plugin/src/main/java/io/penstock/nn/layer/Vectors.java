package io.penstock.nn.layer;

import io.penstock.compute.host.Blas;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Vectors that are looked up by number.
 *
 * @param table {@code [width, count]} in 'f' order: a column is a vector
 */
record Vectors(INDArray table) {
  /**
   * Copies to each row the vector of its id.
   *
   * @param ids one a row; a negative one means zeros
   * @param rows {@code [ids, width]}, densely in 'c' order; overwritten
   */
  void copy(int[] ids, INDArray rows) {
    long width = table.size(0);
    for (int i = 0; i < ids.length; i++) {
      if (ids[i] < 0) {
        Blas.view(rows, i * width, width).assign(0);
      } else {
        Blas.copy(table, ids[i] * width, rows, i * width, width);
      }
    }
  }

  /**
   * Adds each row to the vector of its id, first to last.
   *
   * @param ids one a row; rows of negative ones are left out
   * @param rows {@code [ids, width]}, densely in 'c' order
   */
  void add(int[] ids, INDArray rows) {
    long width = table.size(0);
    for (int i = 0; i < ids.length; i++) {
      if (ids[i] >= 0) {
        Blas.add(rows, i * width, table, ids[i] * width, width);
      }
    }
  }
}
