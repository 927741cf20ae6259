package io.penstock.link;

import io.penstock.Bytes;
import io.penstock.array.NativeArrays;
import io.penstock.array.PinnedMemory;
import java.util.Arrays;
import org.bytedeco.javacpp.Pointer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.concurrency.AffinityManager;
import org.nd4j.linalg.api.concurrency.AffinityManager.Location;
import org.nd4j.linalg.api.memory.pointers.PagedPointer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.nativeblas.NativeOps;
import org.nd4j.nativeblas.NativeOpsHolder;

/**
 * Transfer between the network and a GPU: frames are received into page-locked memory and go from
 * there to the GPU on streams of their own, one for each direction, while the stage computes on
 * others; what is sent comes back the same way. ND4J's own copies would be made when an operation
 * asks for its input, from pageable memory, on the stream on which everything waits for everything.
 *
 * <p>That ND4J knows which of an array's two memories is newer is kept right by the affinity
 * manager's tags, as its own buffers do.
 */
final class DeviceTransfer implements Transfer {
  // CUDA's cudaMemcpyKind, which ND4J's interface takes as a number.
  private static final int HOST_TO_DEVICE = 1;
  private static final int DEVICE_TO_HOST = 2;

  private final NativeOps ops;
  private final AffinityManager affinity;
  private final Runnable commit;
  private final int device;
  private final Pointer in;
  private final Pointer out;

  /**
   * A transfer to and from one GPU.
   *
   * @param commit waits for what the current thread has started
   * @param device that the current thread is bound to, so that the streams are made there
   */
  DeviceTransfer(NativeOps ops, AffinityManager affinity, Runnable commit, int device) {
    this.ops = ops;
    this.affinity = affinity;
    this.commit = commit;
    this.device = device;
    this.in = ops.createStream();
    this.out = ops.createStream();
  }

  static DeviceTransfer ofThisThread() {
    AffinityManager affinity = Nd4j.getAffinityManager();
    return new DeviceTransfer(
        NativeOpsHolder.getInstance().getDeviceNativeOps(),
        affinity,
        () -> Nd4j.getExecutioner().commit(),
        affinity.getDeviceForCurrentThread());
  }

  @Override
  public int device() {
    return device;
  }

  @Override
  public void bind() {
    // Asking binds an unbound thread to the next of all devices, and tells which it was.
    if (affinity.getDeviceForCurrentThread() != device) {
      affinity.unsafeSetDevice(device);
    }
  }

  @Override
  public INDArray allocate(DataType type, long[] shape, char ordering) {
    bind();
    if (!PinnedMemory.holds(type)) {
      return Tensors.allocate(type, shape, ordering);
    }
    long length = Arrays.stream(shape).reduce(1, Math::multiplyExact);
    Pointer host = PinnedMemory.of(ops, type, length);
    INDArray array =
        Nd4j.create(
            Nd4j.createBuffer(host, length, type),
            shape,
            Nd4j.getStrides(shape, ordering),
            0,
            ordering);
    // Else ND4J would fetch from the GPU what nobody has written there.
    affinity.tagLocation(array, Location.HOST);
    return array;
  }

  @Override
  public void received(INDArray array) {
    bind();
    copy(onDevice(array), array.data().pointer(), array, HOST_TO_DEVICE, in);
    // Both sides have it now.
    affinity.tagLocation(array, Location.EVERYWHERE);
  }

  @Override
  public INDArray outgoing(INDArray dense, FrameBufferPool pool) {
    // A view's two memories begin elsewhere; what only the host has must get to the GPU first.
    INDArray whole = dense.isView() ? dense.dup(dense.ordering()) : dense;
    affinity.ensureLocation(whole, Location.DEVICE);
    commit.run();
    INDArray sent = pool.take(whole.dataType(), whole.shape(), whole.ordering());
    copy(sent.data().pointer(), onDevice(whole), whole, DEVICE_TO_HOST, out);
    affinity.tagLocation(sent, Location.HOST);
    return sent;
  }

  @Override
  public void settle() {
    bind();
    commit.run();
  }

  private static Pointer onDevice(INDArray array) {
    return new PagedPointer(array.data().platformAddress());
  }

  private void copy(Pointer to, Pointer from, INDArray array, int direction, Pointer stream) {
    long bytes = NativeArrays.bytes(array);
    ops.memcpyAsync(to, from, bytes, direction, stream);
    ops.streamSynchronize(stream);
    if (ops.lastErrorCode() != 0) {
      throw new IllegalStateException(
          "CUDA could not copy "
              + new Bytes(bytes)
              + " "
              + (direction == HOST_TO_DEVICE ? "to" : "from")
              + " GPU number "
              + device
              + ": "
              + ops.lastErrorMessage());
    }
  }
}
