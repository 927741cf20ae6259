package io.penstock.array;

import io.penstock.Internal;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Bytes of an array of floats, in chunks, as a file takes and gives them, in the host's byte order.
 * For one thread, while nobody else writes to the array.
 */
@Internal
public final class ArrayBytes {
  /** Numbers of a chunk at most. */
  public static final int CHUNK = 1 << 16;

  private final INDArray array;
  private final boolean plain;

  /**
   * Opens an array's bytes.
   *
   * @param array of floats, whose numbers follow each other in memory without gaps
   */
  public ArrayBytes(INDArray array) {
    if (array.dataType() != DataType.FLOAT) {
      throw new IllegalArgumentException(
          "The array has numbers of type " + array.dataType() + "; only FLOAT is kept in files.");
    }
    this.array = array;
    this.plain = NativeArrays.isPlain(array);
  }

  /**
   * Returns numbers of the array, without a copy where they lie in the host's memory.
   *
   * @param at the first of them, counted from 0 in memory's order
   * @param count how many, at most {@link #CHUNK}
   * @return four bytes for each, to be read while this is held and before the array is written to
   */
  public ByteBuffer read(long at, int count) {
    int bytes = count * Float.BYTES;
    if (plain) {
      return buffer(at, bytes);
    }
    ByteBuffer copy = ByteBuffer.allocate(bytes).order(ByteOrder.nativeOrder());
    try (HostCopy numbers = HostCopy.of(NativeArrays.view(array, at, count))) {
      copy.asFloatBuffer().put(numbers.host().toFloatVector());
    }
    return copy;
  }

  /**
   * Copies numbers to the array.
   *
   * @param at where the first of them goes, counted from 0 in memory's order
   * @param count how many, at most {@link #CHUNK}
   * @param from holds four bytes for each, from its start on
   */
  public void write(long at, int count, byte[] from) {
    int bytes = count * Float.BYTES;
    if (plain) {
      buffer(at, bytes).put(from, 0, bytes);
      Reference.reachabilityFence(array);
      return;
    }
    float[] numbers = new float[count];
    ByteBuffer.wrap(from).order(ByteOrder.nativeOrder()).asFloatBuffer().get(numbers);
    INDArray written = Nd4j.createFromArray(numbers);
    NativeArrays.copy(written, NativeArrays.view(array, at, count));
    NativeArrays.release(written);
  }

  private ByteBuffer buffer(long at, int bytes) {
    Pointer number = array.data().pointer().getPointer(array.offset() + at);
    return new BytePointer(number).capacity(bytes).asByteBuffer();
  }
}
