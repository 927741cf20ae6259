package io.penstock.nn;

/**
 * Room for one thing at a time that kernels derive from the weights of several layers, such as a
 * packed copy: what is derived next takes the place of what is there. So it is derived anew at
 * nearly every use, and takes no more memory than the largest. Not thread-safe: for the one thread
 * that computes with those layers.
 */
public final class DerivedRoom {
  private DerivedWeights holder;

  /** Frees what is there, to make room for what these weights derive next. */
  void enter(DerivedWeights next) {
    if (holder != null) {
      holder.free();
    }
    holder = next;
  }
}
