package org.nd4j.linalg.factory;

/** What arrays of the host are. */
@FunctionalInterface
public interface Environment {
  /** Returns whether they lie in the memory of the processor. */
  boolean isCPU();
}
