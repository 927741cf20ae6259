package io.penstock.compute;

/**
 * What a layer, a loss or an updater may ask of the machine: one kind for each sort of kernels. All
 * kinds answer to the same contract, which one test holds against every kind; they may differ in
 * the last bits. Arguments are arrays that lie densely in 'c' order unless a method says otherwise,
 * of one element type, in the memory of the device that the kind computes on.
 *
 * <p>For one thread: a kind keeps what it compiled and its scratch memory. Which kernel runs
 * follows from the processor's class and the shapes alone, never from a measured time, so that the
 * same work gives the same bits every time.
 */
public interface Compute {
  /** Matrix products. */
  Products products();

  /** Vectors added to rows, rows added up, copied and looked up. */
  Rows rows();

  /** Layer and batch normalisation. */
  Norms norms();

  /** Convolution and pooling. */
  Windows windows();

  /** Functions of single numbers, and softmax. */
  Activations activations();

  /** Cells of recurrent layers. */
  Recurrences recurrences();

  /** Losses whose arithmetic is worth a kernel. */
  Losses losses();

  /** Optimizer steps. */
  Updates updates();

  /** Frees what was compiled, and scratch memory; what is asked for after that is compiled anew. */
  void clear();
}
