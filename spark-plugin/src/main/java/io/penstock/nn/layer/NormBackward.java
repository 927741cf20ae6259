package io.penstock.nn.layer;

import io.penstock.array.NativeArrays;
import io.penstock.compute.Memory;
import io.penstock.compute.Rows;
import io.penstock.nn.Backward;
import io.penstock.nn.Parameters;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The backward pass of a normalisation with a learned scale and shift. One kernel gives all
 * gradients: one way over memory gives the sums that each of them needs.
 */
final class NormBackward implements Backward {
  static final String SCALE = "scale";
  static final String SHIFT = "shift";

  /** All gradients of a normalisation. */
  record Gradients(INDArray input, INDArray scale, INDArray shift) {}

  /** Computes all gradients. */
  @FunctionalInterface
  interface Kernel {
    /**
     * @param outputGradient densely in 'c' order
     * @param into overwritten
     */
    void run(INDArray outputGradient, Gradients into);
  }

  private final INDArray input;
  private final long width;
  private final Memory memory;
  private final Kernel kernel;
  private final Halves<Gradients> both = new Halves<>(this::gradients);

  /**
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
    // One after the other, as parameters lie.
    INDArray scaleAndShift = memory.array(input.dataType(), 2 * width);
    Gradients all =
        new Gradients(
            memory.like(input),
            NativeArrays.view(scaleAndShift, 0, width),
            NativeArrays.view(scaleAndShift, width, width));
    kernel.run(memory.dense(outputGradient), all);
    return all;
  }

  @Override
  public INDArray inputGradient(INDArray outputGradient) {
    return both.compute(outputGradient).input;
  }

  @Override
  public void weightGradient(INDArray outputGradient, Parameters gradients) {
    Gradients own = both.get(outputGradient);
    Rows rows = memory.compute(input).rows();
    rows.add(own.scale, 0, gradients.get(SCALE), 0, width);
    rows.add(own.shift, 0, gradients.get(SHIFT), 0, width);
  }
}
