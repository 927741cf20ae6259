package io.penstock.train;

import io.penstock.array.DeviceMemory;
import io.penstock.compute.Compute;
import io.penstock.compute.ComputeDevice;
import io.penstock.compute.FarDevice;
import java.util.concurrent.atomic.AtomicInteger;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * A device of which a test sees what is asked of its memory, and may hold it up or have it fail.
 */
final class TappedDevice implements ComputeDevice, DeviceMemory {
  /** What is asked of the memory. */
  enum Call {
    ALLOCATE,
    TO_DEVICE,
    TO_HOST,
    SETTLE,
    LOCK
  }

  /** A test that looks on, on the thread that asks. */
  interface Tap {
    void before(Call call);

    default void after(Call call) {}
  }

  private final FarDevice device = new FarDevice();
  private final AtomicInteger locked = new AtomicInteger();
  private final Tap tap;

  TappedDevice(Tap tap) {
    this.tap = tap;
  }

  /** Whether this thread copies frames beside a rank's. */
  static boolean copies() {
    String name = Thread.currentThread().getName();
    return name.startsWith("penstock-to-device") || name.startsWith("penstock-from-device");
  }

  /** Bytes that are allocated now. */
  long bytes() {
    return device.bytes();
  }

  /** Pieces of page-locked memory that there are now. */
  int locked() {
    return locked.get();
  }

  private void tapped(Call call, Runnable work) {
    tap.before(call);
    work.run();
    tap.after(call);
  }

  @Override
  public long allocate(long size) {
    tap.before(Call.ALLOCATE);
    return device.allocate(size);
  }

  @Override
  public void free(long address) {
    device.free(address);
  }

  @Override
  public void toDevice(long host, long to, long size) {
    tapped(Call.TO_DEVICE, () -> device.toDevice(host, to, size));
  }

  @Override
  public void toHost(long from, long host, long size) {
    tapped(Call.TO_HOST, () -> device.toHost(from, host, size));
  }

  @Override
  public void copy(long from, long to, long size) {
    device.copy(from, to, size);
  }

  @Override
  public void clear(long at, long size) {
    device.clear(at, size);
  }

  @Override
  public void settle() {
    tapped(Call.SETTLE, device::settle);
  }

  @Override
  public Mark mark() {
    return device.mark();
  }

  @Override
  public long lock(long size) {
    tap.before(Call.LOCK);
    locked.incrementAndGet();
    return device.lock(size);
  }

  @Override
  public void unlock(long address) {
    device.unlock(address);
    locked.decrementAndGet();
  }

  @Override
  public String name() {
    return device.name();
  }

  @Override
  public DeviceMemory memory() {
    return this;
  }

  @Override
  public Compute open(DataType type) {
    return device.open(type);
  }

  @Override
  public String toString() {
    return name();
  }
}
