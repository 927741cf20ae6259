package io.penstock.gpucheck;

import io.penstock.compute.Rows;
import io.penstock.compute.SplitMix;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Operations on rows in double precision. Stateless. */
final class ReferenceRows implements Rows {
  @Override
  public void addToEach(INDArray matrix, INDArray vector, long width) {
    Doubles to = Doubles.of(matrix);
    Doubles added = Doubles.of(vector);
    for (long i = 0; i < to.length(); i++) {
      to.add(i, added.get(i % width));
    }
  }

  @Override
  public void addUp(INDArray matrix, INDArray vector, long width) {
    Doubles from = Doubles.of(matrix);
    Doubles sums = Doubles.of(vector);
    for (long i = 0; i < from.length(); i++) {
      sums.add(i % width, from.get(i));
    }
  }

  @Override
  public void copy(INDArray from, long fromAt, INDArray to, long toAt, long count) {
    for (long i = 0; i < count; i++) {
      Doubles.of(to).put(toAt + i, Doubles.of(from).get(fromAt + i));
    }
  }

  @Override
  public void add(INDArray from, long fromAt, INDArray to, long toAt, long count) {
    for (long i = 0; i < count; i++) {
      Doubles.of(to).add(toAt + i, Doubles.of(from).get(fromAt + i));
    }
  }

  @Override
  public void addZero(INDArray array) {
    Doubles numbers = Doubles.of(array);
    for (long i = 0; i < numbers.length(); i++) {
      numbers.add(i, 0);
    }
  }

  @Override
  public void add(INDArray a, INDArray b, INDArray sum) {
    Doubles x = Doubles.of(a);
    Doubles y = Doubles.of(b);
    Doubles to = Doubles.of(sum);
    for (long i = 0; i < to.length(); i++) {
      to.put(i, x.get(i) + y.get(i));
    }
  }

  @Override
  public void multiply(INDArray a, INDArray b, INDArray product) {
    Doubles x = Doubles.of(a);
    Doubles y = Doubles.of(b);
    Doubles to = Doubles.of(product);
    for (long i = 0; i < to.length(); i++) {
      to.put(i, x.get(i) * y.get(i));
    }
  }

  @Override
  public void mask(long key, double probability, INDArray mask) {
    Doubles to = Doubles.of(mask);
    for (long i = 0; i < to.length(); i++) {
      to.put(i, SplitMix.uniform(key, i) < probability ? 0 : 1 / (1 - probability));
    }
  }

  @Override
  public void swap(INDArray from, INDArray to) {
    long a = from.size(0);
    long b = from.size(1);
    long width = from.size(2);
    Doubles x = Doubles.of(from);
    Doubles y = Doubles.of(to);
    for (long i = 0; i < a; i++) {
      for (long j = 0; j < b; j++) {
        for (long k = 0; k < width; k++) {
          y.put((j * a + i) * width + k, x.get((i * b + j) * width + k));
        }
      }
    }
  }

  @Override
  public void clear(INDArray array, long at, long count) {
    for (long i = 0; i < count; i++) {
      Doubles.of(array).put(at + i, 0);
    }
  }

  @Override
  public void fill(INDArray array, double value) {
    for (long i = 0; i < array.length(); i++) {
      Doubles.of(array).put(i, value);
    }
  }

  @Override
  public void scale(INDArray array, double factor) {
    Doubles numbers = Doubles.of(array);
    for (long i = 0; i < numbers.length(); i++) {
      numbers.put(i, numbers.get(i) * factor);
    }
  }

  @Override
  public boolean squaresAreFinite(INDArray array) {
    return (float) sumOfSquares(array) < Float.POSITIVE_INFINITY;
  }

  @Override
  public double sumOfSquares(INDArray array) {
    double sum = 0;
    for (double each : Doubles.of(array).copy()) {
      sum += each * each;
    }
    return sum;
  }
}
