package io.penstock.array;

import io.penstock.Internal;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.ShortPointer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Arrays of the host's in page-locked memory, to and from which a device copies by itself while
 * other work goes on. They are freed as any other array of the host's. Stateless.
 */
@Internal
public final class LockedMemory {
  private LockedMemory() {}

  /** Returns whether numbers of this type can lie there: floats, and those of 16 bits. */
  public static boolean holds(DataType type) {
    return type == DataType.FLOAT || NarrowNumbers.areOf(type);
  }

  /**
   * Allocates an array to be written in full.
   *
   * @param memory of the device that copies
   * @param type which this memory {@link #holds}
   * @throws RuntimeException if the system has no more memory to lock
   */
  public static INDArray array(DeviceMemory memory, DataType type, char order, long... shape) {
    long bytes = NativeArrays.bytes(type, shape);
    Pointer numbers =
        type == DataType.FLOAT
            ? new Floats(memory, memory.lock(bytes), bytes / type.width())
            : new Shorts(memory, memory.lock(bytes), bytes / type.width());
    return NativeArrays.over(numbers, type, order, shape);
  }

  private static final class Floats extends FloatPointer {
    Floats(DeviceMemory memory, long address, long length) {
      super((Pointer) null);
      this.address = address;
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

  private static final class Shorts extends ShortPointer {
    Shorts(DeviceMemory memory, long address, long length) {
      super((Pointer) null);
      this.address = address;
      this.limit = length;
      this.capacity = length;
      deallocator(new Floats.Freed(memory, address));
    }
  }
}
