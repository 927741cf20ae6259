package io.penstock.link;

import io.penstock.array.DeviceMemory;
import io.penstock.array.LockedMemory;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Transfer of a rank that computes on a device and has its frames in the host's memory: they lie
 * page-locked, so that the device copies them at the bus's full rate. Who computes with them copies
 * them there and back.
 *
 * @param memory the device's
 */
record LockedTransfer(DeviceMemory memory) implements Transfer {
  @Override
  public int device() {
    return -1;
  }

  @Override
  public void bind() {}

  @Override
  public INDArray allocate(DataType type, long[] shape, char ordering) {
    return LockedMemory.holds(type)
        ? LockedMemory.array(memory, type, ordering, shape)
        : Tensors.allocate(type, shape, ordering);
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
