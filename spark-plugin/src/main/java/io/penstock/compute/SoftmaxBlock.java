package io.penstock.compute;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Block of a softmax's classes: its columns of the logits, and what was known of each row's softmax
 * before it and is known after it. A row's state is {@value #STATE} numbers, by which a softmax is
 * taken a block at a time (online softmax, Milakov and Gimelshein 2018, arXiv 1805.02867). For one
 * thread.
 *
 * @param first the class of the block's first column
 * @param columns by row, the column of the label's class; negative where that is in another block,
 *     or the row counts nothing
 * @param before {@code [..., STATE]}, as the blocks before left it; null for the first block
 * @param after {@code [..., STATE]}, as this block leaves it
 * @param shares {@code [rows]}, the block's part of {@link #SUM}
 */
public record SoftmaxBlock(
    int first, int[] columns, INDArray before, INDArray after, INDArray shares) {
  /** Numbers of a row's state. */
  public static final int STATE = 5;

  /** Place of the largest logit so far. */
  public static final int MAX = 0;

  /** Place of the sum of the powers of e of all logits so far, each less the largest. */
  public static final int SUM = 1;

  /** Place of the logit of the label's class; 0 until its block has come. */
  public static final int LABEL = 2;

  /** Place of the sum of all logits so far, which label smoothing takes. */
  public static final int TOTAL = 3;

  /** Place of the class of the largest logit, of equals the first. */
  public static final int BEST = 4;
}
