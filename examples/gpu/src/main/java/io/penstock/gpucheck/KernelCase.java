package io.penstock.gpucheck;

import io.penstock.compute.Compute;

/**
 * One thing to ask of a family of operations, of a GPU and of the reference. Immutable.
 *
 * @param name in words
 * @param tolerance the largest error there may be, as a share of the largest number of its array
 * @param action asks it, with the arrays that it is given
 */
record KernelCase(String name, double tolerance, Action action) {
  /** What is asked. */
  @FunctionalInterface
  interface Action {
    void run(Compute compute, Given given);
  }
}
