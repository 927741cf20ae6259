package io.penstock.link;

import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Copies of arrays between the memory that the network uses and the memory that is computed in.
 * Thread-safe.
 */
interface Transfer {
  /**
   * Returns the transfer for the device that the current thread is bound to. ND4J must be loaded.
   */
  static Transfer ofThisThread() {
    return Nd4j.getEnvironment().isCPU() ? new HostTransfer() : DeviceTransfer.ofThisThread();
  }

  /** Returns CUDA's number of the device; -1 for the host. */
  int device();

  /** Binds the current thread, which may be any of Netty's, to this device. */
  void bind();

  /**
   * Allocates an array whose host memory suits the network; its elements are whatever the memory
   * held.
   */
  INDArray allocate(DataType type, long[] shape, char ordering);

  /** Notes that a frame has filled the host memory of an array: it can be computed with now. */
  void received(INDArray array);

  /**
   * Returns a dense array's numbers in host memory from which the network can send them.
   *
   * @param pool gives the array that they are copied to, where they have to be
   * @return the array itself where it lies there
   */
  INDArray outgoing(INDArray dense, FrameBufferPool pool);

  /** Waits until nothing that this thread has started works on its arrays any more. */
  void settle();
}
