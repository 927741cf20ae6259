package io.penstock.compute.cuda;

import com.sun.jna.Pointer;
import io.penstock.array.FloatPlace;

/**
 * Page-locked memory on the way of small and large copies from the host: bytes are taken here at
 * once, and go to the device later. One half is filled while what lies in the other is copied. For
 * one thread at a time; the next waits for what the last has sent.
 */
final class Staging implements AutoCloseable {
  static final int HALF = 1 << 20;
  private static final int STEP = 16;

  private final CudaDevice device;
  private final long memory;
  private final Pointer bytes;
  private final CudaEvent[] read;
  private final FloatPlace from = new FloatPlace();
  private final FloatPlace to = new FloatPlace();
  private long owner = -1;
  private int half;
  private int used;

  Staging(CudaDevice device) {
    this.device = device;
    this.memory = device.lock(2L * HALF);
    this.bytes = new Pointer(memory);
    this.read = new CudaEvent[] {device.event(), device.event()};
  }

  /** Returns whether this thread was the last to use it, so that there is no need to wait. */
  boolean isOfThisThread() {
    return owner == Thread.currentThread().getId();
  }

  private void own() {
    if (!isOfThisThread()) {
      read[0].settle();
      read[1].settle();
      used = 0;
      owner = Thread.currentThread().getId();
    }
  }

  /** Returns where so many bytes may be put, counted from the memory's first. */
  private int room(int wanted) {
    if (used + wanted > HALF) {
      half = 1 - half;
      used = 0;
      read[half].settle();
    }
    int place = half * HALF + used;
    used += (wanted + STEP - 1) / STEP * STEP;
    return place;
  }

  private void sent(int place, long target, int count) {
    device.sendLater(memory + place, target, count);
    read[half].record();
  }

  /** Copies from the host's memory; what is there may be changed when it returns. */
  void send(long host, long target, long count) {
    own();
    for (long done = 0; done < count; done += HALF) {
      int part = (int) Math.min(HALF, count - done);
      int place = room(part);
      org.bytedeco.javacpp.Pointer.memcpy(to.at(memory + place), from.at(host + done), part);
      sent(place, target + done, part);
    }
  }

  /** Copies whole numbers to the device. */
  void send(int[] numbers, long target) {
    own();
    int most = HALF / Integer.BYTES;
    for (int done = 0; done < numbers.length; done += most) {
      int part = Math.min(most, numbers.length - done);
      int place = room(part * Integer.BYTES);
      bytes.write(place, numbers, done, part);
      sent(place, target + (long) done * Integer.BYTES, part * Integer.BYTES);
    }
  }

  /** Copies numbers to the device. */
  void send(float[] numbers, long target) {
    own();
    int most = HALF / Float.BYTES;
    for (int done = 0; done < numbers.length; done += most) {
      int part = Math.min(most, numbers.length - done);
      int place = room(part * Float.BYTES);
      bytes.write(place, numbers, done, part);
      sent(place, target + (long) done * Float.BYTES, part * Float.BYTES);
    }
  }

  /** Copies numbers from the device, when all is done that this thread has asked for. */
  void fetch(long source, float[] numbers) {
    own();
    int most = HALF / Float.BYTES;
    for (int done = 0; done < numbers.length; done += most) {
      int part = Math.min(most, numbers.length - done);
      int place = room(part * Float.BYTES);
      device.fetchLater(
          source + (long) done * Float.BYTES, memory + place, (long) part * Float.BYTES);
      device.settle();
      used = 0;
      bytes.read(place, numbers, done, part);
    }
  }

  @Override
  public void close() {
    for (CudaEvent each : read) {
      each.close();
    }
    device.unlock(memory);
  }
}
