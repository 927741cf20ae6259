package io.penstock.compute.cuda;

import com.sun.jna.ptr.LongByReference;
import io.penstock.Bytes;
import io.penstock.Internal;
import io.penstock.array.DeviceMemory;
import io.penstock.compute.Compute;
import io.penstock.compute.ComputeDevice;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * Memory and kernels of one GPU, in the context that all of this process shares (CUDA's primary
 * context): memory of one such object may be passed to another of the same GPU, and they are equal.
 * Each thread's work goes to a stream of its own. Thread-safe.
 */
@Internal
public final class CudaDevice implements ComputeDevice, DeviceMemory, AutoCloseable {
  /** CU_MEMHOSTALLOC_PORTABLE: page-locked for all GPUs. */
  private static final int PORTABLE = 1;

  private final CudaGpu gpu;
  private final PrimaryContext context;
  private final AtomicBoolean open = new AtomicBoolean(true);
  private final StagingPool staging = new StagingPool(this);
  private final LoadedKernels kernels;

  /** The failure by which the device was lost; all calls after it fail too. */
  private final AtomicReference<CudaException> loss = new AtomicReference<>();

  private CudaDevice(CudaGpu gpu, PrimaryContext context, Supplier<List<Ptx>> files) {
    this.gpu = gpu;
    this.context = context;
    this.kernels = new LoadedKernels(this, files);
  }

  /**
   * Opens a GPU; its context takes some hundred MiB of its memory.
   *
   * @throws CudaException if the GPU is too old for the kernels, or cannot be used now
   */
  public static CudaDevice open(CudaGpu gpu) {
    return open(gpu, Ptx::all);
  }

  /** Opens a GPU to which these kernels are loaded. */
  static CudaDevice open(CudaGpu gpu, Supplier<List<Ptx>> files) {
    Driver.load();
    gpu.refuseTooOld();
    return new CudaDevice(gpu, PrimaryContext.retain(gpu), files);
  }

  /** Returns which GPU it is. */
  public CudaGpu gpu() {
    return gpu;
  }

  /** Returns the bytes of memory that nobody has taken now, in any process. */
  public long freeBytes() {
    enter();
    LongByReference free = new LongByReference();
    check(Driver.cuMemGetInfo_v2(free, new LongByReference()), "cuMemGetInfo");
    return free.getValue();
  }

  @Override
  public DeviceMemory memory() {
    return this;
  }

  @Override
  public Compute open(DataType type) {
    CudaKind kind = new CudaKind(this);
    if (!kind.takes(type)) {
      throw new IllegalArgumentException(
          gpu + " computes with numbers of type FLOAT here, not " + type + ".");
    }
    return kind.open();
  }

  @Override
  public String name() {
    return gpu.toString();
  }

  @Override
  public long allocate(long bytes) {
    enter();
    LongByReference address = new LongByReference();
    int result = Driver.cuMemAlloc_v2(address, bytes);
    if (result != 0) {
      throw failure(
          result,
          "cuMemAlloc",
          Trouble.of(result) == Trouble.MEMORY
              ? new Bytes(bytes).up()
                  + " are wanted, and of "
                  + new Bytes(gpu.memoryBytes())
                  + " are free "
                  + new Bytes(freeBytes()).down()
                  + "."
              : "");
    }
    return address.getValue();
  }

  /** Frees memory; nothing where the device is closed or lost, and the memory with it. */
  @Override
  public void free(long address) {
    if (open.get() && !isLost()) {
      enter();
      check(Driver.cuMemFree_v2(address), "cuMemFree");
    }
  }

  /**
   * {@inheritDoc} What does not lie in page-locked memory goes through such: CUDA does not promise
   * that it has read other memory of the host's when a copy returns that it does later.
   */
  @Override
  public void toDevice(long host, long device, long bytes) {
    if (context.holds(host, bytes)) {
      sendLater(host, device, bytes);
      settle();
      return;
    }
    through(lent -> lent.send(host, device, bytes));
  }

  @Override
  public void toHost(long device, long host, long bytes) {
    enter();
    check(Driver.cuMemcpyDtoHAsync_v2(host, device, bytes, Driver.OWN_STREAM), "cuMemcpyDtoHAsync");
    settle();
  }

  @Override
  public void copy(long from, long to, long bytes) {
    enter();
    check(Driver.cuMemcpyDtoDAsync_v2(to, from, bytes, Driver.OWN_STREAM), "cuMemcpyDtoDAsync");
  }

  @Override
  public void clear(long at, long bytes) {
    enter();
    check(Driver.cuMemsetD8Async(at, (byte) 0, bytes, Driver.OWN_STREAM), "cuMemsetD8Async");
  }

  @Override
  public void settle() {
    enter();
    check(Driver.cuStreamSynchronize(Driver.OWN_STREAM), "cuStreamSynchronize");
  }

  @Override
  public Mark mark() {
    CudaEvent event = event();
    event.record();
    return () -> {
      event.before();
      event.close();
    };
  }

  /** {@inheritDoc} All GPUs of the machine can use it. */
  @Override
  public long lock(long bytes) {
    enter();
    LongByReference address = new LongByReference();
    int result = Driver.cuMemHostAlloc(address, bytes, PORTABLE);
    if (result != 0) {
      throw failure(
          result,
          "cuMemHostAlloc",
          new Bytes(bytes).up()
              + " of page-locked memory are wanted, which count against what a container or"
              + " ulimit -l allows.");
    }
    context.lock(address.getValue(), bytes);
    return address.getValue();
  }

  @Override
  public void unlock(long address) {
    context.unlock(
        address,
        () -> {
          if (!isLost()) {
            check(context.enter(), "cuCtxSetCurrent");
            check(Driver.cuMemFreeHost(address), "cuMemFreeHost");
          }
        });
  }

  /**
   * Copies from page-locked memory of the host's, which must stay as it is until an event after
   * this has come.
   */
  public void sendLater(long host, long device, long bytes) {
    enter();
    check(Driver.cuMemcpyHtoDAsync_v2(device, host, bytes, Driver.OWN_STREAM), "cuMemcpyHtoDAsync");
  }

  /** Copies to page-locked memory of the host's, where it is when an event after this has come. */
  public void fetchLater(long device, long host, long bytes) {
    enter();
    check(Driver.cuMemcpyDtoHAsync_v2(host, device, bytes, Driver.OWN_STREAM), "cuMemcpyDtoHAsync");
  }

  /** Makes an event, by which threads wait for each other's work. */
  public CudaEvent event() {
    return new CudaEvent(this);
  }

  /** Makes the device's context that of the calling thread. */
  void enter() {
    if (!open.get()) {
      throw new IllegalStateException(
          gpu + " was closed by this process; whoever still works on it must stop before.");
    }
    check(context.enter(), "cuCtxSetCurrent");
  }

  void check(int result, String call) {
    if (result != 0) {
      throw failure(result, call, "");
    }
  }

  /** Failure of a call on this device, after the one by which it was lost, if it was. */
  CudaException failure(int result, String call, String details) {
    CudaException failure = CudaException.of(result, call, gpu, details, loss.get());
    if (failure.trouble() == Trouble.LOST) {
      loss.compareAndSet(null, failure);
    }
    return failure;
  }

  /** Returns whether a call told that the device is lost. */
  boolean isLost() {
    return loss.get() != null;
  }

  /** Returns the kernels, which are loaded when the first is asked for. */
  LoadedKernels kernels() {
    return kernels;
  }

  /** Copies through page-locked memory of the host's. */
  void through(Consumer<Staging> copy) {
    enter();
    staging.lend(copy);
  }

  /**
   * Waits for all work, and lets go of the context; what was allocated in it goes when nobody else
   * of this process has it open. While other ranks of this process still read frames in memory that
   * was locked here, it stays. Does nothing the second time.
   */
  @Override
  public void close() {
    if (!open.get()) {
      return;
    }
    context.enter();
    int result = Driver.cuCtxSynchronize();
    if (result == 0) {
      kernels.close();
    } else {
      failure(result, "cuCtxSynchronize", "");
    }
    try {
      staging.close();
    } finally {
      if (open.compareAndSet(true, false)) {
        context.letGo();
      }
    }
  }

  @Override
  public boolean equals(Object other) {
    return other == this || other instanceof CudaDevice device && device.gpu.equals(gpu);
  }

  @Override
  public int hashCode() {
    return gpu.hashCode();
  }

  @Override
  public String toString() {
    return name();
  }
}
