package io.penstock.nn.layer;

import io.penstock.compute.Memory;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Sequences in time-major order: a step's rows lie together, so that each is a matrix, and so are
 * those of all steps. For one thread at a time.
 *
 * @param array {@code [steps, rows, width]}, densely in 'c' order
 */
record TimeSteps(INDArray array) {
  /** Allocates room for sequences of another width. */
  static TimeSteps like(INDArray sequences, long width, Memory memory) {
    return new TimeSteps(
        memory.array(sequences.dataType(), sequences.size(1), sequences.size(0), width));
  }

  /** Copies sequences {@code [rows, length, width]} to time-major order. */
  static TimeSteps of(INDArray sequences, Memory memory) {
    TimeSteps steps = like(sequences, sequences.size(2), memory);
    INDArray from = memory.dense(sequences);
    memory.compute(from).rows().swap(from, steps.array);
    return steps;
  }

  /** Copies these steps to sequences {@code [rows, length, width]}. */
  INDArray sequences(Memory memory) {
    INDArray result = memory.array(array.dataType(), rows(), count(), width());
    memory.compute(array).rows().swap(array, result);
    return result;
  }

  long count() {
    return array.size(0);
  }

  long rows() {
    return array.size(1);
  }

  long width() {
    return array.size(2);
  }

  /** Returns {@code steps} steps from step {@code first} on as a matrix: a view. */
  INDArray some(long first, long steps) {
    return Nd4j.create(
        array.data(),
        new long[] {steps * rows(), width()},
        new long[] {width(), 1},
        array.offset() + first * rows() * width(),
        'c');
  }

  /** Returns one step, {@code [rows, width]}: a view. */
  INDArray at(long step) {
    return some(step, 1);
  }
}
