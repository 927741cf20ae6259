package io.penstock.array;

import io.penstock.Internal;
import java.lang.ref.Cleaner;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.indexer.FloatIndexer;
import org.nd4j.linalg.api.buffer.DataBuffer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.cpu.nativecpu.buffer.FloatBuffer;

/**
 * Buffer of floats in a device's memory. Arrays over it are handles: shape, strides and the
 * device's address, which ND4J makes views of as of any array. No operation of ND4J may be given
 * one, nor may the host read its numbers: {@link NativeArrays} copies them to where it can.
 * Thread-safe.
 */
@Internal
public final class DeviceBuffer extends FloatBuffer {
  private static final long serialVersionUID = 1L;

  private static final Cleaner CLEANER = Cleaner.create();

  /** Pointer to where the device has the numbers. */
  private static final class Place extends FloatPointer {
    Place(long address, long length) {
      super((Pointer) null);
      this.address = address;
      this.limit = length;
      this.capacity = length;
    }
  }

  private record Freeing(DeviceMemory memory, long address) implements Runnable {
    @Override
    public void run() {
      memory.free(address);
    }
  }

  private final transient DeviceMemory memory;

  /** Buffer whose memory this one lies in, from its beginning on; itself where it has its own. */
  private final transient DeviceBuffer whole;

  /** Frees the memory, once. */
  private final transient Cleaner.Cleanable freeing;

  private DeviceBuffer(DeviceMemory memory, Place place, long length) {
    super(place, FloatIndexer.create(place), length);
    this.memory = memory;
    this.whole = this;
    this.freeing = CLEANER.register(this, new Freeing(memory, place.address()));
  }

  private DeviceBuffer(DeviceBuffer whole, Place place, long length) {
    super(place, FloatIndexer.create(place), length);
    this.memory = whole.memory;
    this.whole = whole;
    this.freeing = whole.freeing;
  }

  /**
   * Allocates memory of a device, which is freed by {@link NativeArrays#release} or, once nobody
   * has the buffer or a view of it, by the garbage collector.
   *
   * @param length in floats
   */
  static DeviceBuffer of(DeviceMemory memory, long length) {
    long address = memory.allocate(length * Float.BYTES);
    return new DeviceBuffer(memory, new Place(address, length), length);
  }

  /** Returns a buffer of as many floats, or fewer, in the memory of an array's buffer. */
  static DeviceBuffer again(INDArray array, long length) {
    DeviceBuffer whole = in(array).whole;
    return new DeviceBuffer(whole, new Place(whole.pointer().address(), length), length);
  }

  /** Frees the memory at once. */
  void free() {
    freeing.clean();
  }

  /** Returns the buffer in which an array lies; null for one of the host's. */
  static DeviceBuffer in(INDArray array) {
    if (array.isEmpty()) {
      return null;
    }
    DataBuffer own = array.data();
    DataBuffer first = own instanceof DeviceBuffer ? own : own.originalDataBuffer();
    return first instanceof DeviceBuffer buffer ? buffer : null;
  }

  /** Returns the memory in which an array lies; null for the host's. */
  public static DeviceMemory memory(INDArray array) {
    DeviceBuffer buffer = in(array);
    return buffer == null ? null : buffer.memory;
  }

  /** Returns the device's address of an array's first number. */
  public static long address(INDArray array) {
    return array.data().pointer().address() + array.offset() * Float.BYTES;
  }
}
