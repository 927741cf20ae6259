package io.penstock.nn.layer;

import io.penstock.compute.Memory;
import io.penstock.compute.Rows;
import io.penstock.nn.Backward;
import io.penstock.nn.Parameters;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Backward pass of a normalisation with a learned scale and shift. For one thread at a time. One
 * kernel gives all gradients: one way over memory gives the sums that each of them needs.
 */
final class NormBackward implements Backward {
  static final String SCALE = "scale";
  static final String SHIFT = "shift";

  /**
   * Name of the step that takes variances next. The squares of finite numbers may add up to
   * infinity, and a division by it leaves nothing to see: so they are shown to it.
   */
  static final String DIVISION = "its division by the standard deviation";

  /**
   * Gradients of a normalisation.
   *
   * @param scaleAndShift one after the other, as the parameters lie
   */
  record Gradients(INDArray input, INDArray scaleAndShift) {}

  /** Kernel of a normalisation's backward pass. */
  @FunctionalInterface
  interface Kernel {
    /**
     * Computes all gradients.
     *
     * @param outputGradient densely in 'c' order
     * @param into overwritten
     */
    void run(INDArray outputGradient, Gradients into);
  }

  private final INDArray input;
  private final long width;
  private final Memory memory;
  private final Kernel kernel;
  private final BackwardHalves<Gradients> both = new BackwardHalves<>(this::gradients);

  /**
   * The backward pass of a micro-batch.
   *
   * @param input densely in 'c' order
   * @param width how many scales there are, and shifts
   */
  NormBackward(INDArray input, long width, Memory memory, Kernel kernel) {
    this.input = input;
    this.width = width;
    this.memory = memory;
    this.kernel = kernel;
  }

  private Gradients gradients(INDArray outputGradient) {
    Gradients all = new Gradients(memory.like(input), memory.array(input.dataType(), 2 * width));
    kernel.run(memory.dense(outputGradient), all);
    return all;
  }

  @Override
  public INDArray inputGradient(INDArray outputGradient) {
    return both.compute(outputGradient).input;
  }

  @Override
  public void weightGradient(INDArray outputGradient, Parameters gradients) {
    INDArray own = both.get(outputGradient).scaleAndShift;
    Rows rows = memory.compute(input).rows();
    rows.add(own, 0, gradients.get(SCALE), 0, width);
    rows.add(own, width, gradients.get(SHIFT), 0, width);
  }
}
