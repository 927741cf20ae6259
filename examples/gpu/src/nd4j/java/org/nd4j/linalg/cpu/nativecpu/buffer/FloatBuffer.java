package org.nd4j.linalg.cpu.nativecpu.buffer;

import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.indexer.Indexer;
import org.nd4j.linalg.api.buffer.DataBuffer;
import org.nd4j.linalg.api.buffer.DataType;

/** Memory of floats, or, for all that it knows of them, of other numbers. */
public class FloatBuffer implements DataBuffer {
  private final Pointer pointer;
  private final Indexer indexer;
  private final long length;
  private final DataType type;

  /** A buffer of floats. */
  public FloatBuffer(Pointer pointer, Indexer indexer, long length) {
    this(pointer, indexer, length, DataType.FLOAT);
  }

  /** A buffer of numbers of this type. */
  public FloatBuffer(Pointer pointer, Indexer indexer, long length, DataType type) {
    this.pointer = pointer;
    this.indexer = indexer;
    this.length = length;
    this.type = type;
  }

  @Override
  public Pointer pointer() {
    return pointer;
  }

  @Override
  public long length() {
    return length;
  }

  @Override
  public Indexer indexer() {
    return indexer;
  }

  @Override
  public DataBuffer originalDataBuffer() {
    return null;
  }

  @Override
  public DataType dataType() {
    return type;
  }
}
