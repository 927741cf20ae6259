package io.penstock.compute;

import io.penstock.Internal;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * Backend of the compute operations, such as the processor's kernels or a GPU's. Backends are found
 * by Java's service loader: a new one is a package of its own and a line in {@code
 * META-INF/services}. Thread-safe.
 */
@Internal
public interface ComputeKind {
  /** Name of the backend, plain and lower-case, for tests and the log. */
  String id();

  /**
   * Returns whether this kind computes with numbers of this type where ND4J's arrays of this
   * process lie. The answer never changes within a process.
   */
  boolean takes(DataType type);

  /** Preference among kinds that take the same arrays: the highest is asked first. */
  int preference();

  /** Opens a new {@link Compute}, for one thread. */
  Compute open();
}
