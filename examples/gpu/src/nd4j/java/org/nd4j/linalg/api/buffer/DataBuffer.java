package org.nd4j.linalg.api.buffer;

import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.indexer.Indexer;

/** Memory of arrays. */
public interface DataBuffer {
  /** Returns where it begins. */
  Pointer pointer();

  /** Returns how many numbers it holds. */
  long length();

  /** Returns the access to its numbers. */
  Indexer indexer();

  /** Returns null: a view has the buffer itself. */
  DataBuffer originalDataBuffer();

  /** Returns the type of its numbers. */
  DataType dataType();
}
