package io.penstock.array;

import io.penstock.Internal;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.indexer.FloatIndexer;
import org.nd4j.linalg.api.buffer.DataBuffer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.cpu.nativecpu.buffer.FloatBuffer;

/**
 * Buffer of floats in a device's memory. Arrays over it are handles: shape, strides and the
 * device's address, which ND4J makes views of as of any array. No operation of ND4J may be given
 * one, nor may the host read its numbers: {@link NativeArrays} copies them to where they can be.
 */
@Internal
public final class DeviceBuffer extends FloatBuffer {
  /** Pointer to where the device has the numbers. */
  private static final class Place extends FloatPointer {
    Place(long address, long length) {
      super((Pointer) null);
      this.address = address;
      this.limit = length;
      this.capacity = length;
    }
  }

  private final transient DeviceMemory memory;

  private DeviceBuffer(DeviceMemory memory, FloatPointer place, long length) {
    super(place, FloatIndexer.create(place), length);
    this.memory = memory;
  }

  /**
   * A buffer over memory of a device, which it does not free.
   *
   * @param length in floats
   */
  static DeviceBuffer over(DeviceMemory memory, long address, long length) {
    return new DeviceBuffer(memory, new Place(address, length), length);
  }

  /** Returns the memory in which an array lies; null for the host's. */
  public static DeviceMemory memory(INDArray array) {
    if (array.isEmpty()) {
      return null;
    }
    DataBuffer own = array.data();
    DataBuffer first = own instanceof DeviceBuffer ? own : own.originalDataBuffer();
    return first instanceof DeviceBuffer buffer ? buffer.memory : null;
  }

  /** Returns the device's address of an array's first number. */
  public static long address(INDArray array) {
    return array.data().pointer().address() + array.offset() * Float.BYTES;
  }
}
