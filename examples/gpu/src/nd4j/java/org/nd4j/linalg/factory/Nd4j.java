package org.nd4j.linalg.factory;

import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.indexer.DoubleIndexer;
import org.bytedeco.javacpp.indexer.FloatIndexer;
import org.nd4j.linalg.api.buffer.DataBuffer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.cpu.nativecpu.buffer.FloatBuffer;

/**
 * Makes arrays, as ND4J does, for a machine that has no ND4J: what Penstock asks of arrays that may
 * lie on a device, and nothing that computes. Stateless.
 */
public final class Nd4j {
  private Nd4j() {}

  /** An array over a buffer. */
  public static INDArray create(
      DataBuffer data, long[] shape, long[] strides, long offset, char order) {
    return new Strided(data, shape, strides, offset, order, data.dataType());
  }

  /** An array of its own memory, whose numbers are undefined. */
  public static INDArray createUninitialized(DataType type, long[] shape, char order) {
    long length = 1;
    for (long d : shape) {
      length *= d;
    }
    if (length == 0) {
      return new Strided(null, shape, getStrides(shape, order), 0, order, type);
    }
    Pointer memory = type == DataType.FLOAT ? new FloatPointer(length) : new DoublePointer(length);
    return create(createBuffer(memory, length, type), shape, getStrides(shape, order), 0, order);
  }

  /** An array of no numbers. */
  public static INDArray empty(DataType type) {
    return createUninitialized(type, new long[] {0}, 'c');
  }

  /** An array of zeros. */
  public static INDArray zeros(DataType type, long... shape) {
    INDArray zeros = createUninitialized(type, shape, 'c');
    if (!zeros.isEmpty()) {
      Pointer.memset(zeros.data().pointer(), 0, zeros.length() * type.width());
    }
    return zeros;
  }

  /** A vector of these numbers. */
  public static INDArray createFromArray(double... values) {
    INDArray array = createUninitialized(DataType.DOUBLE, new long[] {values.length}, 'c');
    ((DoublePointer) array.data().pointer()).put(values);
    return array;
  }

  /** A buffer over memory of the host's. */
  public static DataBuffer createBuffer(Pointer memory, long length, DataType type) {
    return type == DataType.FLOAT
        ? new FloatBuffer(memory, FloatIndexer.create((FloatPointer) memory), length)
        : new FloatBuffer(memory, DoubleIndexer.create((DoublePointer) memory), length, type);
  }

  /** Returns what the host's arrays are. */
  public static Environment getEnvironment() {
    return () -> true;
  }

  /** Returns the strides of an array that lies densely. */
  public static long[] getStrides(long[] shape, char order) {
    long[] strides = new long[shape.length];
    long step = 1;
    for (int i = 0; i < shape.length; i++) {
      int d = order == 'f' ? i : shape.length - 1 - i;
      strides[d] = step;
      step *= shape[d];
    }
    return strides;
  }
}
