package io.penstock.compute.cuda;

import com.sun.jna.ptr.LongByReference;
import io.penstock.Internal;

/**
 * Event in the work of a GPU: it comes when all is done that the thread which recorded it had asked
 * for by then. Thread-safe; what it is recorded for last is what others wait for.
 */
@Internal
public final class CudaEvent implements AutoCloseable {
  /** CU_EVENT_BLOCKING_SYNC and CU_EVENT_DISABLE_TIMING: who waits sleeps, and no time is taken. */
  private static final int FLAGS = 1 | 2;

  private static final int NOT_READY = 600;

  private final CudaDevice device;
  private final long handle;

  CudaEvent(CudaDevice device) {
    this.device = device;
    device.enter();
    LongByReference made = new LongByReference();
    device.check(Driver.cuEventCreate(made, FLAGS), "cuEventCreate");
    this.handle = made.getValue();
  }

  /** Records it behind all that this thread has asked for. */
  public void record() {
    device.enter();
    device.check(Driver.cuEventRecord(handle, Driver.OWN_STREAM), "cuEventRecord");
  }

  /**
   * Has the GPU do what this thread asks for from now on when the event has come. Returns at once.
   */
  public void before() {
    device.enter();
    device.check(Driver.cuStreamWaitEvent(Driver.OWN_STREAM, handle, 0), "cuStreamWaitEvent");
  }

  /** Waits for the event; at once where none was recorded. */
  public void settle() {
    device.enter();
    device.check(Driver.cuEventSynchronize(handle), "cuEventSynchronize");
  }

  /** Returns whether the event has come. */
  public boolean hasCome() {
    device.enter();
    int result = Driver.cuEventQuery(handle);
    if (result != NOT_READY) {
      device.check(result, "cuEventQuery");
    }
    return result != NOT_READY;
  }

  /**
   * Gives it up; who waits for it already goes on waiting. Does nothing where the device is lost,
   * and the event with it.
   */
  @Override
  public void close() {
    if (!device.isLost()) {
      device.enter();
      device.check(Driver.cuEventDestroy_v2(handle), "cuEventDestroy");
    }
  }
}
