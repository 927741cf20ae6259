package io.penstock.nn.layer;

import io.penstock.compute.Memory;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Sequences step by step: a step's rows lie together, so that each is a matrix, and so are those of
 * all steps.
 *
 * @param array {@code [steps, rows, width]}, densely in 'c' order
 */
record TimeSteps(INDArray array) {
  /** Room for them. */
  static TimeSteps like(INDArray sequences, long width, Memory memory) {
    return new TimeSteps(
        memory.array(sequences.dataType(), sequences.size(1), sequences.size(0), width));
  }

  /** Those of {@code [rows, length, width]}, copied. */
  static TimeSteps of(INDArray sequences, Memory memory) {
    TimeSteps steps = like(sequences, sequences.size(2), memory);
    INDArray from = memory.dense(sequences);
    memory.compute(from).rows().swap(from, steps.array);
    return steps;
  }

  /** As {@code [rows, length, width]}, copied. */
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

  /** From this step on, so many steps as a matrix: a view. */
  INDArray some(long first, long steps) {
    return Nd4j.create(
        array.data(),
        new long[] {steps * rows(), width()},
        new long[] {width(), 1},
        array.offset() + first * rows() * width(),
        'c');
  }

  /** One step, {@code [rows, width]}: a view. */
  INDArray at(long step) {
    return some(step, 1);
  }
}
