package io.penstock.compute.plain;

import io.penstock.compute.Rows;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Operations on rows by ND4J's. For one thread. */
final class PlainRows implements Rows {
  @Override
  public void addToEach(INDArray matrix, INDArray vector, long width) {
    rows(matrix, width).addiRowVector(view(vector, 0, width));
  }

  @Override
  public void addUp(INDArray matrix, INDArray vector, long width) {
    view(vector, 0, width).addi(rows(matrix, width).sum(0));
  }

  private static INDArray rows(INDArray matrix, long width) {
    return matrix.reshape('c', matrix.length() / width, width);
  }

  @Override
  public void copy(INDArray from, long fromAt, INDArray to, long toAt, long count) {
    view(to, toAt, count).assign(view(from, fromAt, count));
  }

  @Override
  public void add(INDArray from, long fromAt, INDArray to, long toAt, long count) {
    view(to, toAt, count).addi(view(from, fromAt, count));
  }

  @Override
  public void add(INDArray a, INDArray b, INDArray sum) {
    a.addi(b, sum);
  }

  @Override
  public void swap(INDArray from, INDArray to) {
    to.assign(from.permute(1, 0, 2));
  }

  @Override
  public void clear(INDArray array, long at, long count) {
    view(array, at, count).assign(0);
  }

  @Override
  public void fill(INDArray array, double value) {
    array.assign(value);
  }

  @Override
  public void scale(INDArray array, double factor) {
    array.muli(factor);
  }

  @Override
  public boolean squaresAreFinite(INDArray array) {
    return array.isEmpty() || Double.isFinite(array.norm2Number().doubleValue());
  }

  /** Live view of {@code count} of an array's numbers that follow each other in memory. */
  private static INDArray view(INDArray array, long at, long count) {
    return Nd4j.create(array.data(), new long[] {count}, new long[] {1}, array.offset() + at, 'c');
  }
}
