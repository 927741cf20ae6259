package io.penstock.nn.layer;

import io.penstock.array.NativeArrays;
import io.penstock.array.Numbers;
import io.penstock.compute.Memory;
import io.penstock.nn.Places;
import io.penstock.nn.Sequences;
import io.penstock.nn.onednn.OneDnn;
import io.penstock.nn.onednn.RowSoftmax;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * How much each position takes of each: the softmax of scores {@code [rows, heads, length,
 * length]}, in place.
 */
record AttentionWeights(INDArray scores, Memory memory) {
  /** Far below any score, yet finite: its power of e is zero. */
  private static final double NEVER = -1e30;

  /** The mask of a length, kept with the kernels. */
  private record MaskKey(long length, DataType type) {}

  /** Forbids each position those after it. */
  void mask() {
    long length = scores.size(3);
    INDArray mask =
        memory.kernels().get(new MaskKey(length, scores.dataType()), key -> mask(length));
    long all = scores.size(0) * scores.size(1);
    memory.compute(scores).rows().addToEach(scores.reshape('c', all, length * length), mask);
  }

  /**
   * Forbids all positions those that are padding. Rows that have none stay as they are, bit for
   * bit, and so do rows that are nothing else: shares must add up to one.
   */
  void mask(Places places) {
    long length = scores.size(3);
    long lines = scores.size(1) * length;
    INDArray mask = memory.array(scores.dataType(), length);
    Numbers forbidden = Numbers.into(mask);
    for (long row = 0; row < scores.size(0); row++) {
      if (places.isPadded(row)) {
        for (long place = 0; place < length; place++) {
          forbidden.put(place, places.isPadding(row, place) ? NEVER : 0);
        }
        INDArray own = NativeArrays.view(scores, row * lines * length, lines * length);
        memory.compute(scores).rows().addToEach(own.reshape('c', lines, length), mask);
      }
    }
  }

  private INDArray mask(long length) {
    INDArray mask = NativeArrays.array(scores.dataType(), 'c', length * length).assign(0);
    for (long i = 0; i < length; i++) {
      for (long j = i + 1; j < length; j++) {
        mask.putScalar(i * length + j, NEVER);
      }
    }
    return mask;
  }

  /** Makes the scores shares that add up to one for each position. */
  void softmax() {
    INDArray lines = Sequences.positions(scores);
    if (OneDnn.takes(lines)) {
      kernel(lines).forward(lines);
    } else {
      lines.assign(Nd4j.nn().softmax(lines, 1));
    }
  }

  /**
   * The way back, after {@link #softmax}.
   *
   * @param gradient of the shares; overwritten with that of the scores
   */
  void back(INDArray gradient) {
    INDArray lines = Sequences.positions(scores);
    INDArray slopes = Sequences.positions(gradient);
    if (OneDnn.takes(lines)) {
      kernel(lines).backward(lines, slopes);
    } else {
      INDArray means = slopes.mul(lines).sum(1).reshape('c', lines.size(0), 1);
      slopes.subiColumnVector(means).muli(lines);
    }
  }

  private RowSoftmax kernel(INDArray lines) {
    RowSoftmax.Size size = new RowSoftmax.Size(lines.size(0), lines.size(1));
    return memory.kernels().get(size, RowSoftmax::new);
  }
}
