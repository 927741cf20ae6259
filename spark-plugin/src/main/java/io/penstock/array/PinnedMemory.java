package io.penstock.array;

import io.penstock.Bytes;
import io.penstock.Internal;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.nativeblas.NativeOps;

/**
 * Host memory that a GPU copies to and from by itself, while other work goes on: page-locked where
 * ND4J runs on CUDA ({@code mallocHost} is {@code cudaHostAlloc} there; on a CPU it is {@code
 * aligned_alloc}). The host memory that ND4J gives to an array by itself is not: the library's
 * {@code DataBuffer::allocatePrimary} calls {@code operator new[]}. It is freed when it is
 * deallocated, or by the garbage collector. Thread-safe.
 */
@Internal
public final class PinnedMemory {
  private PinnedMemory() {}

  /** Returns whether numbers of this type can lie there: floats and doubles. */
  public static boolean holds(DataType type) {
    return NativeArrays.isFloating(type);
  }

  /**
   * Allocates page-locked memory for this many numbers; what it holds is undefined.
   *
   * @param length in numbers
   * @throws OutOfMemoryError if the system has none to lock
   */
  public static Pointer of(NativeOps ops, DataType type, long length) {
    Pointer memory = ops.mallocHost(length * type.width(), 0);
    if (memory == null || memory.isNull()) {
      throw new OutOfMemoryError(
          "No page-locked memory for "
              + new Bytes(length * type.width())
              + ". It counts against the memory that a container or ulimit -l allows.");
    }
    return type == DataType.FLOAT
        ? new Floats(ops, memory, length)
        : new Doubles(ops, memory, length);
  }

  private static final class Floats extends FloatPointer {
    Floats(NativeOps ops, Pointer memory, long length) {
      super(memory);
      capacity(length);
      deallocator(new Freed(ops, memory));
    }

    private record Freed(NativeOps ops, Pointer memory) implements Deallocator {
      @Override
      public void deallocate() {
        ops.freeHost(memory);
      }
    }
  }

  private static final class Doubles extends DoublePointer {
    Doubles(NativeOps ops, Pointer memory, long length) {
      super(memory);
      capacity(length);
      deallocator(new Floats.Freed(ops, memory));
    }
  }
}
