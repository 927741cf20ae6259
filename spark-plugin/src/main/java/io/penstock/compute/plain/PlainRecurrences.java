package io.penstock.compute.plain;

import io.penstock.array.NativeArrays;
import io.penstock.compute.Kernels;
import io.penstock.compute.Recurrences;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;

/** Recurrent cells (LSTM, GRU) by ND4J's operations; keeps its scratch arrays. For one thread. */
final class PlainRecurrences implements Recurrences {
  private record Size(DataType type, long rows, long width) {}

  private record Scratch(INDArray slope, INDArray kept) {
    static Scratch of(Size size) {
      return new Scratch(
          NativeArrays.array(size.type, 'c', size.rows, size.width),
          NativeArrays.array(size.type, 'c', size.rows, size.width));
    }
  }

  private final Kernels scratches = new Kernels();

  private Scratch scratch(INDArray like) {
    return scratches.get(new Size(like.dataType(), like.size(0), like.size(1)), Scratch::of);
  }

  @Override
  public void lstm(
      INDArray gates, INDArray before, INDArray cells, INDArray squashed, INDArray output) {
    long width = output.size(1);
    INDArray candidates = gate(gates, 3, width);
    Transforms.sigmoid(columns(gates, 0, 3 * width), false);
    Transforms.tanh(candidates, false);
    gate(gates, 0, width).muli(candidates, cells);
    if (before != null) {
      cells.addi(gate(gates, 1, width).muli(before, scratch(output).kept));
    }
    Transforms.tanh(squashed.assign(cells), false);
    gate(gates, 2, width).muli(squashed, output);
  }

  @Override
  public void lstmGradient(
      INDArray gates,
      INDArray before,
      INDArray squashed,
      INDArray outputGradient,
      INDArray cellGradient,
      INDArray gateGradient) {
    long width = squashed.size(1);
    INDArray slope = scratch(squashed).slope;
    INDArray input = gate(gates, 0, width);
    INDArray forget = gate(gates, 1, width);
    INDArray shown = gate(gates, 2, width);
    INDArray candidates = gate(gates, 3, width);
    // The cell's, through the output's tanh.
    cellGradient.addi(tanhSlope(squashed, slope).muli(outputGradient).muli(shown));
    sigmoidSlope(input, slope).muli(candidates).muli(cellGradient);
    gate(gateGradient, 0, width).assign(slope);
    if (before != null) {
      sigmoidSlope(forget, slope).muli(before).muli(cellGradient);
      gate(gateGradient, 1, width).assign(slope);
    } else {
      gate(gateGradient, 1, width).assign(0);
    }
    sigmoidSlope(shown, slope).muli(squashed).muli(outputGradient);
    gate(gateGradient, 2, width).assign(slope);
    tanhSlope(candidates, slope).muli(input).muli(cellGradient);
    gate(gateGradient, 3, width).assign(slope);
    cellGradient.muli(forget);
  }

  @Override
  public void gru(INDArray gates, INDArray states, INDArray before, INDArray output) {
    long width = output.size(1);
    INDArray scratch = scratch(output).kept;
    INDArray both = columns(gates, 0, 2 * width);
    Transforms.sigmoid(both.addi(columns(states, 0, 2 * width)), false);
    INDArray candidates = gate(gates, 2, width);
    candidates.addi(gate(gates, 0, width).muli(gate(states, 2, width), scratch));
    Transforms.tanh(candidates, false);
    // Candidates, and as much of the last output as the update gate keeps.
    behind(before, candidates, scratch).muli(gate(gates, 1, width));
    candidates.addi(scratch, output);
  }

  @Override
  public void gruGradient(
      INDArray gates,
      INDArray states,
      INDArray before,
      INDArray outputGradient,
      INDArray fromInputs,
      INDArray fromStates,
      INDArray beforeGradient) {
    long width = outputGradient.size(1);
    INDArray slope = scratch(outputGradient).slope;
    INDArray kept = scratch(outputGradient).kept;
    INDArray reset = gate(gates, 0, width);
    INDArray update = gate(gates, 1, width);
    INDArray candidates = gate(gates, 2, width);
    sigmoidSlope(update, slope).muli(behind(before, candidates, kept)).muli(outputGradient);
    gate(fromInputs, 1, width).assign(slope);
    gate(fromStates, 1, width).assign(slope);
    tanhSlope(candidates, slope).muli(kept.assign(update).rsubi(1)).muli(outputGradient);
    gate(fromInputs, 2, width).assign(slope);
    slope.muli(reset, kept);
    gate(fromStates, 2, width).assign(kept);
    sigmoidSlope(reset, kept).muli(slope).muli(gate(states, 2, width));
    gate(fromInputs, 0, width).assign(kept);
    gate(fromStates, 0, width).assign(kept);
    outputGradient.muli(update, beforeGradient);
  }

  /** The last output less the candidates. */
  private static INDArray behind(INDArray before, INDArray candidates, INDArray result) {
    if (before == null) {
      return result.assign(candidates).negi();
    }
    return result.assign(before).subi(candidates);
  }

  /** The derivative of a sigmoid, from its value. */
  private static INDArray sigmoidSlope(INDArray value, INDArray result) {
    return result.assign(value).rsubi(1).muli(value);
  }

  /** The derivative of a tanh, from its value. */
  private static INDArray tanhSlope(INDArray value, INDArray result) {
    return result.assign(value).muli(value).rsubi(1);
  }

  private static INDArray gate(INDArray gates, int which, long width) {
    return columns(gates, which * width, width);
  }

  /** Returns some columns of a matrix: a view. */
  private static INDArray columns(INDArray matrix, long from, long count) {
    return Nd4j.create(
        matrix.data(),
        new long[] {matrix.size(0), count},
        new long[] {matrix.size(1), 1},
        matrix.offset() + from,
        'c');
  }

  /** Forgets the scratch arrays. */
  public void clear() {
    scratches.clear();
  }
}
