package io.penstock.compute;

import io.penstock.Internal;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * One kind of compute, such as the processor's kernels or a GPU's. Kinds are found by Java's
 * service loader: a new one is a package of its own and a line in {@code META-INF/services}.
 */
@Internal
public interface ComputeKind {
  /** Plain and lower-case, for tests and the log. */
  String id();

  /**
   * Whether this kind computes with numbers of this type where ND4J's arrays of this process lie.
   * The answer never changes within a process.
   */
  boolean takes(DataType type);

  /** Kinds that take the same arrays are asked in descending order of this. */
  int preference();

  /** A new one, for one thread. */
  Compute open();
}
