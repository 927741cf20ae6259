package io.penstock.train;

import io.penstock.Internal;
import io.penstock.array.Numbers;
import io.penstock.compute.Memory;
import io.penstock.nn.Forward;
import io.penstock.nn.NotFinite;
import io.penstock.nn.network.ForwardPass;
import io.penstock.nn.network.HiddenNumbers;
import io.penstock.nn.network.Sequential;
import java.util.BitSet;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Finder of the rows of a block for which a network's numbers overflow, also where a layer behind
 * makes finite ones of them. For one pass, on its thread.
 */
@Internal
public final class OverflowedRows implements ForwardPass.Visitor {
  private final HiddenNumbers hidden;
  private final Memory memory;
  private final int rows;

  /** Rows with such numbers inside of the network. */
  private final BitSet inside = new BitSet();

  /** Begins a pass in which none is found yet. */
  public OverflowedRows(Sequential network, Memory memory, int rows) {
    this.hidden = new HiddenNumbers(network, 0, network.layers().size());
    this.memory = memory;
    this.rows = rows;
  }

  @Override
  public void done(int layer, Forward done) {
    INDArray output = done.output();
    if (hidden.mayBeIn(layer)
        && NotFinite.in("", output, memory.compute(output).rows()).isPresent()) {
      mark(output);
    }
  }

  @Override
  public void within(int layer, Object reader, INDArray numbers) {
    if (NotFinite.in("", numbers, memory.compute(numbers).rows()).isPresent()) {
      mark(numbers);
    }
  }

  private void mark(INDArray output) {
    Numbers numbers = Numbers.of(output);
    long width = output.length() / rows;
    for (int row = 0; row < rows; row++) {
      for (long at = row * width; at < (row + 1) * width && !inside.get(row); at++) {
        if (!Double.isFinite(numbers.get(at))) {
          inside.set(row);
        }
      }
    }
  }

  /** Returns a number for each row, 1 where some have been found so far and 0 where none. */
  float[] marks() {
    float[] marks = new float[rows];
    inside.stream().forEach(row -> marks[row] = 1);
    return marks;
  }

  /** Adds what the stages before have found: a number for each row, as {@link #marks} has them. */
  void add(INDArray marks) {
    Numbers numbers = Numbers.of(marks);
    for (int row = 0; row < rows; row++) {
      if (numbers.get(row) != 0) {
        inside.set(row);
      }
    }
  }

  /**
   * Returns the raw outputs, with NaN where a row's numbers overflowed before them.
   *
   * @return null if nothing did
   */
  public float[] in(INDArray raw) {
    if (inside.isEmpty() && NotFinite.in("scores", raw, memory.compute(raw).rows()).isEmpty()) {
      return null;
    }
    float[] numbers = raw.reshape('c', new long[] {raw.length()}).toFloatVector();
    int width = numbers.length / rows;
    inside.stream().forEach(row -> numbers[row * width] = Float.NaN);
    return numbers;
  }
}
