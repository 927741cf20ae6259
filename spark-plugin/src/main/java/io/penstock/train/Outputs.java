package io.penstock.train;

import io.penstock.Internal;
import io.penstock.array.NativeArrays;
import io.penstock.array.Numbers;
import io.penstock.compute.Memory;
import io.penstock.nn.network.Sequential;
import java.io.Serializable;
import java.util.OptionalDouble;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Outputs of a network for a block of rows. Immutable, but for the arrays, which are not to be
 * changed.
 *
 * @param numbers row after row, position after position
 * @param positions of a row: the length of the block's sequences, else 1
 * @param width numbers of a position
 * @param overflown the network's raw outputs, which lie as the numbers do, if any number inside of
 *     the network or of these is NaN or infinite; null if all are finite
 */
@Internal
public record Outputs(float[] numbers, int positions, int width, float[] overflown)
    implements Serializable {
  /**
   * Takes the outputs of a network off its arena.
   *
   * @param raw the network's, rows first; read only
   * @param predicted whether to say it as the loss does: see {@link io.penstock.nn.Loss#prediction}
   * @param memory of the pass
   * @param overflown what the pass has found
   */
  public static Outputs of(
      Sequential network,
      INDArray raw,
      boolean predicted,
      Memory memory,
      OverflowedRows overflown) {
    INDArray output = predicted ? network.loss().prediction(raw, memory.compute(raw)) : raw;
    int last = Math.toIntExact(output.size(-1));
    Outputs outputs =
        new Outputs(
            numbers(output),
            Math.toIntExact(output.length() / raw.size(0) / last),
            last,
            overflown.in(raw));
    if (output.data().address() != raw.data().address()) {
      NativeArrays.release(output); // the loss made it beside the arena
    }
    return outputs;
  }

  private static float[] numbers(INDArray array) {
    Numbers numbers = Numbers.of(array);
    float[] copied = new float[Math.toIntExact(array.length())];
    for (int at = 0; at < copied.length; at++) {
      copied[at] = (float) numbers.get(at);
    }
    return copied;
  }

  /** Returns the numbers of one position of a row. */
  public double[] at(int row, int position) {
    int from = (row * positions + position) * width;
    double[] own = new double[width];
    for (int i = 0; i < width; i++) {
      own[i] = numbers[from + i];
    }
    return own;
  }

  /**
   * Returns the first of a row's raw outputs that is NaN or infinite.
   *
   * @param own the row's positions, from the first; those behind them are padding
   * @return empty if all are finite
   */
  public OptionalDouble notFinite(int row, int own) {
    if (overflown == null) {
      return OptionalDouble.empty();
    }
    int from = row * positions * width;
    for (int at = from; at < from + own * width; at++) {
      if (!Float.isFinite(overflown[at])) {
        return OptionalDouble.of(overflown[at]);
      }
    }
    return OptionalDouble.empty();
  }
}
