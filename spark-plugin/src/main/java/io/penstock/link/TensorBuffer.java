package io.penstock.link;

import io.netty.buffer.ByteBufInputStream;
import io.netty.buffer.Unpooled;
import java.io.InputStream;
import java.nio.ByteBuffer;
import org.apache.spark.network.buffer.ManagedBuffer;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Buffer over an array's memory, as Spark's transport takes it: the socket reads it where it lies.
 * Holds the array, so that its memory stays until the last byte is written; there is nothing to
 * count. Immutable.
 */
final class TensorBuffer extends ManagedBuffer {
  private final INDArray array;
  private final ByteBuffer memory;

  TensorBuffer(INDArray dense) {
    array = dense;
    memory = Tensors.memory(dense);
  }

  @Override
  public long size() {
    return memory.remaining();
  }

  @Override
  public ByteBuffer nioByteBuffer() {
    return memory.duplicate();
  }

  @Override
  public InputStream createInputStream() {
    return new ByteBufInputStream(Unpooled.wrappedBuffer(memory));
  }

  @Override
  public Object convertToNetty() {
    return Unpooled.wrappedBuffer(memory);
  }

  // Asked for by Spark 4 only.
  @Override
  public Object convertToNettyForSsl() {
    return Unpooled.wrappedBuffer(memory);
  }

  @Override
  public ManagedBuffer retain() {
    return this;
  }

  @Override
  public ManagedBuffer release() {
    return this;
  }

  @Override
  public String toString() {
    return "TensorBuffer" + array.shapeInfoToString();
  }
}
