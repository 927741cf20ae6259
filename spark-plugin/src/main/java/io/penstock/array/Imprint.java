package io.penstock.array;

import io.penstock.Internal;
import java.util.Arrays;
import java.util.Optional;
import java.util.zip.CRC32;
import org.bytedeco.javacpp.BytePointer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Checksum of an array's numbers at one time, to find out whether somebody wrote to it since. It is
 * taken where {@link Poison} is on, for it costs two passes over memory. Immutable; any thread may
 * call.
 */
@Internal
public final class Imprint {
  private final INDArray array;
  private final long sum;

  private Imprint(INDArray array) {
    this.array = array;
    this.sum = sum(array);
  }

  /**
   * Takes the checksum of an array as it is now; empty where the mode is off, or arrays lie on a
   * GPU.
   */
  public static Optional<Imprint> of(INDArray array) {
    return Poison.isOn() && !NativeArrays.isOnDevice(array)
        ? Optional.of(new Imprint(array))
        : Optional.empty();
  }

  /** Returns whether the array still holds the same numbers, bit for bit. */
  public boolean isTrue() {
    return sum(array) == sum;
  }

  private static long sum(INDArray array) {
    char order = array.ordering();
    boolean dense = Arrays.equals(array.stride(), Nd4j.getStrides(array.shape(), order));
    if (!dense) {
      // ND4J takes some time to free a copy, so this is not the way for every array.
      try (INDArray copy = array.dup('c')) {
        return sumOfDense(copy);
      }
    }
    return sumOfDense(array);
  }

  private static long sumOfDense(INDArray dense) {
    long width = dense.dataType().width();
    long start = dense.offset() * width;
    BytePointer memory = new BytePointer(dense.data().pointer());
    memory.limit(start + dense.length() * width).position(start);
    CRC32 sum = new CRC32();
    sum.update(memory.asByteBuffer());
    return sum.getValue();
  }
}
