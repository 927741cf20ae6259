package io.penstock.nn.layer;

import io.penstock.array.HostNumbers;
import io.penstock.array.NativeArrays;
import io.penstock.compute.Activations;
import io.penstock.compute.Memory;
import io.penstock.nn.Places;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Attention weights: how much each position takes of each, the softmax of scores {@code [rows,
 * heads, length, length]}, in place. For one thread.
 */
record AttentionWeights(INDArray scores, Memory memory) {
  /** Score of what is masked: far below any other, yet finite; its power of e is zero. */
  private static final double NEVER = -1e30;

  /** Applies the causal mask: forbids each position those after it. */
  void mask() {
    activations().addAboveDiagonal(scores, NEVER);
  }

  /**
   * Applies the padding mask: forbids all positions those that are padding. Rows that have none
   * stay as they are, bit for bit, and so do rows that are nothing else: shares must add up to one.
   */
  void mask(Places places) {
    long length = scores.size(3);
    long lines = scores.size(1) * length;
    INDArray mask = memory.array(scores.dataType(), length);
    for (long row = 0; row < scores.size(0); row++) {
      if (places.isPadded(row)) {
        try (HostNumbers forbidden = HostNumbers.into(mask)) {
          for (long place = 0; place < length; place++) {
            forbidden.numbers().put(place, places.isPadding(row, place) ? NEVER : 0);
          }
        }
        INDArray own = NativeArrays.view(scores, row * lines * length, lines * length);
        memory.compute(scores).rows().addToEach(own, mask);
      }
    }
  }

  /** Makes the scores shares that add up to one for each position. */
  void softmax() {
    activations().softmax(scores);
  }

  /**
   * Computes the gradient of the scores, after {@link #softmax}.
   *
   * @param gradient of the shares; overwritten with that of the scores
   */
  void back(INDArray gradient) {
    activations().softmaxGradient(scores, gradient);
  }

  private Activations activations() {
    return memory.compute(scores).activations();
  }
}
