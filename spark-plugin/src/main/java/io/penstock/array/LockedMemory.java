package io.penstock.array;

import io.penstock.Internal;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Arrays of the host's in page-locked memory, to and from which a device copies by itself while
 * other work goes on. They are freed as any other array of the host's. Stateless.
 */
@Internal
public final class LockedMemory {
  private LockedMemory() {}

  /**
   * Allocates an array of floats to be written in full.
   *
   * @param memory of the device that copies
   * @throws RuntimeException if the system has no more memory to lock
   */
  public static INDArray array(DeviceMemory memory, char order, long... shape) {
    long length = NativeArrays.bytes(DataType.FLOAT, shape) / Float.BYTES;
    return NativeArrays.over(new Locked(memory, length), DataType.FLOAT, order, shape);
  }

  private static final class Locked extends FloatPointer {
    Locked(DeviceMemory memory, long length) {
      super((Pointer) null);
      this.address = memory.lock(length * Float.BYTES);
      this.limit = length;
      this.capacity = length;
      deallocator(new Freed(memory, address));
    }

    private record Freed(DeviceMemory memory, long address) implements Deallocator {
      @Override
      public void deallocate() {
        memory.unlock(address);
      }
    }
  }
}
