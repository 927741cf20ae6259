package io.penstock.nn.layer;

import java.util.function.Function;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Result that both halves of a backward pass need of an output gradient: the input gradient
 * computes it, and the weight gradient, if it comes after it, need not do so again. For one thread
 * at a time.
 */
final class BackwardHalves<T> {
  private final Function<INDArray, T> function;
  private INDArray outputGradient;
  private T result;

  BackwardHalves(Function<INDArray, T> function) {
    this.function = function;
  }

  /** Computes the result and keeps it. */
  T compute(INDArray outputGradient) {
    this.result = function.apply(outputGradient);
    this.outputGradient = outputGradient;
    return result;
  }

  /** Returns what was computed last, if of the very same array; otherwise computes it. */
  T get(INDArray outputGradient) {
    return this.outputGradient == outputGradient ? result : compute(outputGradient);
  }
}
