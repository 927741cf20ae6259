package io.penstock.link;

import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Transfer on a CPU, which copies nothing: arrays are computed with where the network puts them.
 * Stateless.
 */
final class HostTransfer implements Transfer {
  @Override
  public int device() {
    return -1;
  }

  @Override
  public void bind() {}

  @Override
  public INDArray allocate(DataType type, long[] shape, char ordering) {
    return Tensors.allocate(type, shape, ordering);
  }

  @Override
  public void received(INDArray array) {}

  @Override
  public INDArray outgoing(INDArray dense, FrameBufferPool pool) {
    return dense;
  }

  @Override
  public void settle() {}
}
