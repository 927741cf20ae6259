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
 * Bytes of an array of floats, in chunks from and to the heap, as a file takes and gives them, in
 * the host's byte order. For one thread, while nobody else writes to the array.
 */
@Internal
public final class ArrayBytes implements AutoCloseable {
  /** Numbers of a chunk at most. */
  public static final int CHUNK = 1 << 16;

  private final INDArray array;
  private final boolean plain;
  private final BytePointer staging;

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
    this.staging = new BytePointer((long) CHUNK * Float.BYTES);
  }

  /**
   * Copies numbers from the array.
   *
   * @param at the first of them, counted from 0 in memory's order
   * @param count how many, at most {@link #CHUNK}
   * @param into receives four bytes for each, from its start on
   */
  public void read(long at, int count, byte[] into) {
    int bytes = count * Float.BYTES;
    if (plain) {
      Pointer.memcpy(staging, number(at), bytes);
      Reference.reachabilityFence(array);
      staging.limit(bytes).asByteBuffer().get(into, 0, bytes);
      return;
    }
    float[] numbers = NativeArrays.view(array, at, count).toFloatVector();
    ByteBuffer.wrap(into).order(ByteOrder.nativeOrder()).asFloatBuffer().put(numbers);
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
      staging.limit(bytes).asByteBuffer().put(from, 0, bytes);
      Pointer.memcpy(number(at), staging, bytes);
      Reference.reachabilityFence(array);
      return;
    }
    float[] numbers = new float[count];
    ByteBuffer.wrap(from).order(ByteOrder.nativeOrder()).asFloatBuffer().get(numbers);
    NativeArrays.view(array, at, count).assign(Nd4j.createFromArray(numbers));
  }

  private Pointer number(long at) {
    return array.data().pointer().getPointer(array.offset() + at);
  }

  /** Frees the memory of chunks; the array stays. */
  @Override
  public void close() {
    staging.close();
  }
}
