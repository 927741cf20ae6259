package io.penstock.array;

import io.penstock.Internal;
import java.lang.ref.Reference;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Allocation and release of native arrays, and copies in a given memory order ('c' or 'f').
 * Stateless: any thread may call, for arrays that no other thread writes to.
 *
 * <p>The system clears every page of new memory, which costs a large array more than filling it
 * does (2 ns a float was measured, 0.3 ns for a copy), and ND4J's native backend takes new memory
 * for every array, closed ones notwithstanding. The memory of these arrays is used again once they
 * are given to {@link #release}; otherwise the garbage collector frees it.
 */
@Internal
public final class NativeArrays {
  private NativeArrays() {}

  /**
   * Allocates an array to be written in full: what it holds is undefined.
   *
   * @param order 'c' or 'f'
   * @param shape the rows first
   */
  public static INDArray array(DataType type, char order, long... shape) {
    long length = 1;
    for (long d : shape) {
      length = Math.multiplyExact(length, d);
    }
    // Another backend's buffers do not lie in the host's memory.
    boolean host = Nd4j.getEnvironment().isCPU();
    if (!host || length == 0 || !isFloating(type)) {
      return Nd4j.createUninitialized(type, shape, order);
    }
    Pointer memory = memory(type, length);
    INDArray array = over(memory, type, order, shape);
    Poison.fill(array);
    return array;
  }

  /**
   * Allocates an array of floats in a device's memory, to be written in full.
   *
   * @param memory the device's; null for the host's
   */
  public static INDArray array(DeviceMemory memory, DataType type, char order, long... shape) {
    if (memory == null) {
      return array(type, order, shape);
    }
    if (type != DataType.FLOAT) {
      throw new IllegalArgumentException(
          "Arrays on " + memory.name() + " have numbers of type FLOAT, not " + type + ".");
    }
    long length = bytes(type, shape) / Float.BYTES;
    return length == 0
        ? Nd4j.createUninitialized(type, shape, order)
        : over(DeviceBuffer.of(memory, length), order, shape);
  }

  /** Makes an array of as much of this buffer as it needs. */
  static INDArray over(DeviceBuffer buffer, char order, long... shape) {
    return Nd4j.create(buffer, shape, strides(shape, order), 0, order);
  }

  /** Allocates an array like another in the same memory, in 'c' order, to be written in full. */
  public static INDArray like(INDArray array) {
    return array(DeviceBuffer.memory(array), array.dataType(), 'c', array.shape());
  }

  /** Returns whether an array lies in the memory of a device, where only that computes. */
  public static boolean isOnDevice(INDArray array) {
    return DeviceBuffer.memory(array) != null;
  }

  /**
   * Allocates a row of zeros in the memory of a device.
   *
   * @param memory the device's; null for the host's
   */
  public static INDArray zeros(DeviceMemory memory, DataType type, long length) {
    if (memory == null) {
      return zeros(type, length);
    }
    INDArray zeros = array(memory, type, 'c', length);
    clear(zeros);
    return zeros;
  }

  /** Allocates a row of zeros, of ND4J's own memory. */
  public static INDArray zeros(DataType type, long length) {
    return SpareMemory.allocate(length * type.width(), () -> Nd4j.zeros(type, length));
  }

  private static Pointer memory(DataType type, long length) {
    return SpareMemory.allocate(
        length * type.width(),
        () -> type == DataType.FLOAT ? new FloatPointer(length) : new DoublePointer(length));
  }

  /** Makes an array of as much of this memory as it needs. */
  static INDArray over(Pointer memory, DataType type, char order, long... shape) {
    long length = 1;
    for (long d : shape) {
      length *= d;
    }
    return Nd4j.create(
        Nd4j.createBuffer(memory, length, type), shape, strides(shape, order), 0, order);
  }

  /** Returns whether an array lies in memory of the host that another array can be made of. */
  static boolean isPlain(INDArray array) {
    return Nd4j.getEnvironment().isCPU()
        && !array.isEmpty()
        && isFloating(array.dataType())
        && !isOnDevice(array);
  }

  /** Returns whether elements of this type are what networks compute with: floats or doubles. */
  static boolean isFloating(DataType type) {
    return type == DataType.FLOAT || type == DataType.DOUBLE;
  }

  /** Returns the bytes that an array's elements take. */
  public static long bytes(INDArray array) {
    return array.length() * array.dataType().width();
  }

  /** Returns the bytes that the elements of an array of this type and shape take. */
  public static long bytes(DataType type, long... shape) {
    long bytes = type.width();
    for (long d : shape) {
      bytes *= d;
    }
    return bytes;
  }

  /**
   * Gives an array's memory back at once. Neither it nor a view of it may be used again; note that
   * some layers return their input, or a view of it.
   *
   * @param array one from this class or any other closeable one
   */
  public static void release(INDArray array) {
    if (array.isEmpty() || !array.closeable()) {
      return;
    }
    DeviceBuffer buffer = DeviceBuffer.in(array);
    if (buffer != null) {
      array.close();
      buffer.free();
      return;
    }
    if (!Nd4j.getEnvironment().isCPU()) {
      array.close(); // to ask for its pointer would take memory of the host's first
      return;
    }
    releaseOfHost(array);
  }

  /**
   * Gives back at once the memory of an array that is known to lie in the host's memory, on a GPU's
   * backend too: page-locked memory would otherwise wait for the garbage collector.
   *
   * @param array closeable, and no view of another
   */
  public static void releaseOfHost(INDArray array) {
    Pointer memory = array.data().pointer();
    Poison.fill(array);
    array.close();
    // Frees what array() allocated; ND4J's own pointers have nothing left to free.
    memory.deallocate();
  }

  /**
   * Returns a live view {@code [count]} of numbers that follow each other in an array's memory,
   * from number {@code at} on, counted from the array's first (0).
   */
  public static INDArray view(INDArray array, long at, long count) {
    return Nd4j.create(array.data(), new long[] {count}, new long[] {1}, array.offset() + at, 'c');
  }

  /** Sets the numbers of an array that lies densely to zero. */
  public static void clear(INDArray array) {
    DeviceMemory memory = DeviceBuffer.memory(array);
    if (memory != null) {
      memory.clear(DeviceBuffer.address(array), bytes(array));
    } else if (isPlain(array)) {
      Pointer.memset(first(array), 0, bytes(array));
    } else {
      array.assign(0);
    }
  }

  /**
   * Copies an array's numbers to another of its shape, within the host's memory, within a device's
   * or between them: one that the host had or gets is done with when this returns. Where both lie
   * densely as they are, it is done without ND4J's operation, which leaves a kilobyte on the heap.
   *
   * @return the other
   */
  public static INDArray copy(INDArray from, INDArray to) {
    if (isOnDevice(from) || isOnDevice(to)) {
      return DeviceCopy.copy(from, to);
    }
    boolean plain = isPlain(from) && from.dataType() == to.dataType();
    if (plain && isDense(from, 'c') && isDense(to, 'c') && from.length() == to.length()) {
      Pointer.memcpy(first(to), first(from), bytes(from));
      Reference.reachabilityFence(from);
      Reference.reachabilityFence(to);
      return to;
    }
    return to.assign(from);
  }

  /** Returns the address of the first of an array's numbers. */
  private static Pointer first(INDArray array) {
    Pointer memory = array.data().pointer();
    return array.offset() == 0 ? memory : memory.getPointer(array.offset());
  }

  /** Returns a copy in this memory order, in the same memory. */
  static INDArray copy(INDArray array, char order) {
    DeviceMemory memory = DeviceBuffer.memory(array);
    return memory == null
        ? array(array.dataType(), order, array.shape()).assign(array)
        : copy(array, array(memory, array.dataType(), order, array.shape()));
  }

  /** Returns the array itself where it lies in the host's memory, else a copy that does. */
  public static INDArray onHost(INDArray array) {
    return isOnDevice(array)
        ? copy(array, array(array.dataType(), DeviceCopy.order(array), array.shape()))
        : array;
  }

  /**
   * Returns the array itself if it lies densely in this memory order, 'c' or 'f', otherwise a copy
   * that does.
   */
  public static INDArray ordered(INDArray array, char order) {
    return isDense(array, order) ? array : copy(array, order);
  }

  /**
   * Returns whether an array's elements follow each other in this order, 'c' or 'f'. ND4J's own
   * label lies for one row.
   */
  public static boolean isDense(INDArray array, char order) {
    long step = 1;
    for (int i = 0; i < array.rank(); i++) {
      int d = order == 'f' ? i : array.rank() - 1 - i;
      if (array.size(d) != 1 && array.stride(d) != step) {
        return false;
      }
      step *= array.size(d);
    }
    return true;
  }

  private static long[] strides(long[] shape, char order) {
    long[] strides = new long[shape.length];
    long step = 1;
    for (int i = 0; i < shape.length; i++) {
      int d = order == 'f' ? i : shape.length - 1 - i;
      strides[d] = step;
      step *= shape[d];
    }
    return strides;
  }
}
