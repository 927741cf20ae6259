package io.penstock.nn.layer;

import io.penstock.compute.Activations;
import io.penstock.compute.Memory;
import io.penstock.nn.Places;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Attention weights: how much each position takes of each, the softmax of scores {@code [rows,
 * heads, length, length]}, in place. For one thread.
 */
record AttentionWeights(INDArray scores, Memory memory) {
  /** Score of what is masked: far below any other, yet finite; its power of e is zero. */
  private static final float NEVER = -1e30f;

  /** Applies the causal mask: forbids each position those after it. */
  void mask() {
    activations().addAboveDiagonal(scores, NEVER);
  }

  /**
   * Applies the padding mask: forbids all positions those that are padding. Rows that have none
   * stay as they are, bit for bit, and so do rows that are nothing else: shares must add up to one.
   */
  void mask(Places places) {
    int length = Math.toIntExact(scores.size(3));
    int[] padded = IntStream.range(0, (int) scores.size(0)).filter(places::isPadded).toArray();
    if (padded.length == 0) {
      return;
    }
    float[] masks = new float[Math.multiplyExact(padded.length, length)];
    for (int i = 0; i < padded.length; i++) {
      for (int place = 0; place < length; place++) {
        masks[i * length + place] = places.isPadding(padded[i], place) ? NEVER : 0;
      }
    }
    memory.compute(scores).rows().addToSome(scores, padded, masks);
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
