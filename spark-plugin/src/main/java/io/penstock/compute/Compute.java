package io.penstock.compute;

/**
 * Operations that a layer, a loss or an optimizer may ask of the machine, as one {@link
 * ComputeKind} computes them. All kinds answer to the same contract, which one test a family holds
 * against every kind; they may differ in the last bits. Arguments are arrays that lie densely in
 * 'c' order unless a method says otherwise, of one element type, in the memory of the device that
 * the kind computes on.
 *
 * <p>For one thread: a kind keeps what it compiled and its scratch memory. Which kernel runs
 * follows from the processor's class and the shapes alone, never from a measured time, so that the
 * same work gives the same bits every time.
 *
 * @param products matrix products
 * @param rows vectors added to rows, rows added up, copied and looked up
 * @param norms layer and batch normalisation
 * @param windows convolution and pooling
 * @param activations functions of single numbers, and softmax
 * @param recurrences cells of recurrent layers
 * @param losses losses whose arithmetic is worth a kernel
 * @param updates optimizer steps
 * @param conversions to numbers of 16 bits and back
 * @param forgetting frees what was compiled, and scratch memory
 */
public record Compute(
    Products products,
    Rows rows,
    Norms norms,
    Windows windows,
    Activations activations,
    Recurrences recurrences,
    Losses losses,
    Updates updates,
    Conversions conversions,
    Runnable forgetting) {

  /** Frees what was compiled, and scratch memory; what is asked for after that is compiled anew. */
  public void clear() {
    forgetting.run();
  }
}
